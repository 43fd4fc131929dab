// Orders and their documents by keyboard alone, and by people who press twice. How a page is worked does not depend on the engine:
// ENGINES = ("sqlite",)
'use strict';
const assert = require('node:assert/strict');
const { openShop, signInStaff } = require('./shop.js');

const EMAIL = 'consents@example.com';
const shop = openShop();

/** Presses Tab until what has the focus is named so. */
async function tabTo(page, name) {
  for (let i = 0; i < 150; i++) {
    const focused = await page.evaluate(() => {
      const e = document.activeElement;
      return e.getAttribute('aria-label') || e.innerText || '';
    });
    if (name instanceof RegExp ? name.test(focused) : focused.trim() === name) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${name}`);
}

async function pressOn(page, name) {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

async function firstOf(page, grid) {
  await page.goto(grid);
  await pressOn(page, /^View/);
  await page.waitForURL(/\/\d+$/);
}

shop.visit('Login as Customer from each document and back, by keyboard', 120000, async (page, context) => {
  await signInStaff(page, 'support');
  for (const grid of ['orders', 'invoices', 'shipments', 'creditmemos']) {
    await firstOf(page, `/admin/${grid}?q=${EMAIL}`);
    const from = page.url();
    await pressOn(page, 'Login as Customer');
    await page.getByRole('dialog').waitFor();
    await page.waitForFunction(() => document.activeElement.closest('dialog'));
    const opened = context.waitForEvent('page');
    await pressOn(page, 'Login as Customer');
    const tab = await opened;
    await tab.waitForURL(/\/as\/[^/]+\/customer\/account$/);
    await tab.getByText('You are logged in as Sophie Janssen').waitFor();
    const address = tab.url();
    await pressOn(tab, 'Close Session');
    await tab.waitForURL(from);
    await tab.goBack();
    await tab.getByText('This assisted session has ended').waitFor();
    assert.equal(tab.url(), address);
    assert.equal(await tab.getByText('Sophie').count(), 0, 'nothing of the customer is left');
    await tab.close();
  }
});

shop.visit('pressed twice, each document is made once', 120000, async (page) => {
  await signInStaff(page);
  await firstOf(page, '/admin/orders?f.status=pending');
  const order = page.url();
  for (const [button, submit, tab] of [['Ship', 'Submit Shipment', 'shipments'], ['Invoice', 'Submit Invoice', 'invoices'], ['Credit Memo', 'Refund Offline', 'creditmemos']]) {
    await pressOn(page, button);
    await page.waitForURL(/\/new$/);
    // Part of it only, so that there would be enough left to do it once more.
    const quantities = page.locator('input[name^="qty["]');
    for (let i = 1; i < await quantities.count(); i++) await quantities.nth(i).fill('0');
    await tabTo(page, submit);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter').catch(() => {}); // the page may be gone already
    await page.waitForURL(order);
    await page.goto(`${order}?tab=${tab}`);
    assert.equal(await page.locator('main tbody tr').count(), 1, tab);
    await page.goto(order);
  }
});
