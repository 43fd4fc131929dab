// From the cart to the confirmation in a real browser, in both languages, by mouse and by keyboard. How the pages look, and whether
// they are accessible, is asked once, in buying.test.js; here only of what is seen nowhere else.
'use strict';
const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { Shop, launch, profile, signInCustomer, checkAccessible, screenshot } = require('./shop.js');

let shop, browser;

before(async () => {
  shop = await Shop.start();
  browser = await launch();
}, { timeout: 60000 });

after(async () => {
  await browser?.close();
  await shop?.stop();
});

/** The first products that can be bought: their addresses. */
async function buyable(page, view, n) {
  await page.goto(`${view}/`);
  const links = await page.$$eval('.product-card a', (list) => list.map((a) => a.getAttribute('href')));
  const found = [];
  for (const link of links) {
    await page.goto(link);
    if (await page.locator('form[action$="/cart/add"] button').count()) found.push(link);
    if (found.length === n) return found;
  }
  throw new Error('the home page shows nothing that can be bought');
}

async function add(page, link, pieces) {
  await page.goto(link);
  await page.locator('[name=qty]').fill(String(pieces));
  await page.locator('form[action$="/cart/add"] button').click();
  await page.waitForURL(/\/cart$/);
}

async function look(page, name) {
  await checkAccessible(page, name);
  await screenshot(page, `checkout-${name}`);
}

const WORDS = {
  '': { email: 'Email', first: 'First Name', last: 'Last Name', street: 'Street Address', zip: 'Zip/Postal Code', city: 'City', country: 'Country',
    proceed: 'Proceed to Checkout', next: 'Continue', bank: 'Bank transfer', order: 'Purchase order on account', number: 'Purchase Order Number',
    place: 'Place Order', thanks: 'Thank you for your order!' },
  '/nl': { email: 'E-mail', first: 'Voornaam', last: 'Achternaam', street: 'Straat en huisnummer', zip: 'Postcode', city: 'Plaats', country: 'Land',
    proceed: 'Verder naar afrekenen', next: 'Doorgaan', bank: 'Bankoverschrijving', order: 'Inkooporder op rekening', number: 'Inkoopordernummer',
    place: 'Bestelling plaatsen', thanks: 'Bedankt voor uw bestelling!' },
};

for (const [view, words] of Object.entries(WORDS)) {
  test(`a guest buys${view}`, { timeout: 120000 }, async () => {
    const context = await profile(browser, shop);
    const page = await context.newPage();
    const [link] = await buyable(page, view, 1);
    await add(page, link, 2);
    await page.getByRole('link', { name: words.proceed }).click();
    const main = page.getByRole('main');
    await main.getByLabel(words.email).fill('nora@example.com');
    await main.getByLabel(words.first).fill('Nóra');
    await main.getByLabel(words.last).fill("O'Brien");
    await main.getByLabel(words.street, { exact: true }).fill('Keizersgracht 123');
    await main.getByLabel(words.zip).fill('1015 CJ');
    await main.getByLabel(words.city).fill('Amsterdam');
    await main.getByLabel(words.country).selectOption('NL');
    await main.getByRole('button', { name: words.next }).click();
    await page.waitForURL(/\/checkout\/payment$/);
    assert.equal(await main.getByLabel(words.number).isVisible(), false, 'asked only for a purchase order');
    await main.getByLabel(words.order).check();
    assert.equal(await main.getByLabel(words.number).isVisible(), true);
    await main.getByLabel(words.bank).check();
    await main.getByRole('button', { name: words.next }).click();
    await page.waitForURL(/\/checkout\/review$/);
    await main.getByRole('button', { name: words.place }).dblclick();
    await page.waitForURL(/\/checkout\/success$/);
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), words.thanks);
    await page.goBack();
    assert.equal(await main.getByRole('button', { name: words.place }).count(), 0, 'nothing is left to be ordered');
    assert.deepEqual(context.complaints, []);
    await context.close();
  });
}

test('a customer divides the cart over two addresses, by keyboard', { timeout: 120000 }, async () => {
  const context = await profile(browser, shop);
  const page = await context.newPage();
  await signInCustomer(page);
  const [link] = await buyable(page, '', 1);
  await add(page, link, 3);
  await page.goto('/checkout');
  const main = page.getByRole('main');
  await main.getByRole('link', { name: 'Ship to several addresses' }).press('Enter');
  const line = page.locator('.cart-line').filter({ has: page.locator('.split-row:nth-child(2)') }).first();
  const pieces = Number(await line.getByLabel('Quantity').first().inputValue());
  await line.getByLabel('Quantity').first().fill(String(pieces - 1));
  await line.getByLabel('Quantity').nth(1).fill('1');
  await main.getByRole('button', { name: 'Continue' }).press('Enter');
  await page.waitForURL(/\/checkout\/payment$/);
  assert.equal(await main.getByRole('group', { name: 'Shipping Method' }).count(), 2);
  await main.getByLabel('Bank transfer').check();
  await main.getByRole('button', { name: 'Continue' }).press('Enter');
  await page.waitForURL(/\/checkout\/review$/);
  await look(page, 'several-review');
  await main.getByRole('button', { name: 'Place Order' }).press('Enter');
  await page.waitForURL(/\/checkout\/success$/);
  assert.equal(await main.getByText(/^Order # \d+$/).count(), 2);
  assert.deepEqual(context.complaints, []);
  await context.close();
});
