// Every page on the way from a product to the order, and of My Orders, in both languages and both widths: axe-core without a serious
// finding, nothing wider than a phone, one heading. The tests of the way itself are in checkout.test.js. How a page looks does not
// depend on the engine:
// ENGINES = ("sqlite",)
'use strict';
const assert = require('node:assert/strict');
const { openShop, signInCustomer, fillCart, checkAccessible, screenshot } = require('./shop.js');

const VIEWS = { en: '', nl: '/nl' };
const ADDRESS = { firstname: 'Nóra', lastname: "O'Brien", street1: 'Keizersgracht 123', postcode: '1015 CJ', city: 'Amsterdam' };
const shop = openShop();

/** The page as it stands, on a desk and on a phone. */
async function look(page, name) {
  assert.equal(await page.locator('h1').count(), 1, `${name}: one h1`);
  await screenshot(page, `buying-${name}`, (width) => checkAccessible(page, `${name} at ${width}`));
}

/** Presses the button of the form with this address, and waits for the page that follows. */
async function send(page, action, next, button = 'button[type=submit], button:not([type])') {
  await page.locator(`main form[action$="${action}"]`).last().locator(button).first().click();
  await page.waitForURL(next);
}

async function fillAddress(page, more = {}) {
  for (const [name, value] of Object.entries({ ...ADDRESS, ...more })) await page.locator(`main [name=${name}]`).fill(value);
  await page.locator('main [name=country]').selectOption('NL');
}

for (const [language, view] of Object.entries(VIEWS)) {
  shop.visit(`what a guest sees (${language})`, 120000, async (page) => {
    await page.goto(`${view}/cart`);
    await look(page, `${language}-cart-empty`);
    await fillCart(page, view, 2);
    await look(page, `${language}-cart`);
    await send(page, '/cart/remove', /\/cart\?removed=/);
    await look(page, `${language}-cart-removed`);
    await send(page, '/cart/restore', /\/cart$/);
    await page.goto(`${view}/checkout`);
    await fillAddress(page, { email: `${language}@example.net`, postcode: '12' });
    await page.locator('main form[action$="/checkout/address"] button').first().click();
    await page.locator('main [aria-invalid=true]').first().waitFor();
    await look(page, `${language}-address-wrong`);
    await page.locator('main [name=postcode]').fill(ADDRESS.postcode);
    await send(page, '/checkout/address', /\/checkout\/payment$/);
    await look(page, `${language}-payment`);
    await page.locator('main [name=payment][value=bank_transfer]').check();
    await page.locator('main form[action$="/checkout/payment"] button.btn-primary').click();
    await page.waitForURL(/\/checkout\/review$/);
    await look(page, `${language}-review`);
    await page.locator('main button[form=place-order], main form[action$="/checkout/place"] button').first().click();
    await page.waitForURL(/\/checkout\/success$/);
    await look(page, `${language}-success`);
    await page.locator('main a[href$="/customer/account/create"]').click();
    await page.waitForURL(/\/customer\/account\/create$/);
    await look(page, `${language}-account-after`);
  });
}

shop.visit('what a customer sees of orders', 120000, async (page) => {
  await signInCustomer(page);
  const wanted = await page.evaluate(async () => {
    // One order of each kind is looked at: the richest that the list has.
    const list = new DOMParser().parseFromString(await (await fetch('/customer/orders')).text(), 'text/html');
    const links = [...new Set([...list.querySelectorAll('main a[href*="/customer/orders/"]')].map((a) => a.getAttribute('href')))]
      .filter((h) => /\/customer\/orders\/\d+$/.test(h));
    const found = [];
    for (const link of links) {
      const text = await (await fetch(link)).text();
      found.push({ link, parts: ['>Shipments<', '>Invoices<', '>Refunds<'].filter((w) => text.includes(w)).length });
    }
    found.sort((a, b) => b.parts - a.parts);
    return found;
  });
  assert.equal(wanted[0].parts, 3, 'an order with an invoice, a shipment and a refund');
  for (const [language, view] of Object.entries(VIEWS)) {
    await page.goto(`${view}/customer/orders`);
    await look(page, `${language}-orders`);
    await page.goto(`${view}${wanted[0].link}`);
    await look(page, `${language}-order`);
    await page.goto(`${view}${wanted[0].link}/print`);
    await look(page, `${language}-order-print`);
    await page.goto(`${view}/checkout`);
    await look(page, `${language}-choose`);
    await page.goto(`${view}/checkout/addresses`);
    await look(page, `${language}-several`);
    await page.goto(`${view}/customer/payment-methods`);
    await look(page, `${language}-payment-methods`);
  }
});
