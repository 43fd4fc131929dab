// From the cart to the confirmation in a real browser, in both languages, by mouse and by keyboard. How the pages look, and whether
// they are accessible, is asked once, in buying.test.js; here only of what is seen nowhere else.
'use strict';
const assert = require('node:assert/strict');
const { openShop, signInCustomer, fillCart, checkAccessible, screenshot } = require('./shop.js');

const shop = openShop();

const WORDS = {
  '': { email: 'Email', first: 'First Name', last: 'Last Name', street: 'Street Address', zip: 'Zip/Postal Code', city: 'City', country: 'Country',
    proceed: 'Proceed to Checkout', next: 'Continue', bank: 'Bank transfer', order: 'Purchase order on account', number: 'Purchase Order Number',
    place: 'Place Order', thanks: 'Thank you for your order!' },
  '/nl': { email: 'E-mail', first: 'Voornaam', last: 'Achternaam', street: 'Straat en huisnummer', zip: 'Postcode', city: 'Plaats', country: 'Land',
    proceed: 'Verder naar afrekenen', next: 'Doorgaan', bank: 'Bankoverschrijving', order: 'Inkooporder op rekening', number: 'Inkoopordernummer',
    place: 'Bestelling plaatsen', thanks: 'Bedankt voor uw bestelling!' },
};

for (const [view, words] of Object.entries(WORDS)) {
  shop.visit(`a guest buys${view}`, 120000, async (page) => {
    await fillCart(page, view, 2);
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
  });
}

shop.visit('a customer divides the cart over two addresses, by keyboard', 120000, async (page) => {
  await signInCustomer(page);
  await fillCart(page, '', 3);
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
  await checkAccessible(page, 'several-review');
  await screenshot(page, 'checkout-several-review');
  await main.getByRole('button', { name: 'Place Order' }).press('Enter');
  await page.waitForURL(/\/checkout\/success$/);
  assert.equal(await main.getByText(/^Order # \d+$/).count(), 2);
});
