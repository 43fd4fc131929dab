// The main job in a real browser, as the specification tells it: from switching the feature on to the withdrawn consent.
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { openShop, signInStaff, signInCustomer } = require('./shop.js');

const EMAIL = 'refuses@example.com';
const STREET = 'Nieuwegracht 4217 bis';
let staff, customer, admin, own, tab, product;

const shop = openShop(async () => {
  staff = await shop.profile();
  customer = await shop.profile();
  admin = await staff.newPage();
  own = await customer.newPage();
});

// Nothing else on a page may have the name of a menu entry: the locator is strict.
const menu = (name) => admin.getByRole('link', { name, exact: true }).click();

async function openCustomer() {
  await menu('All Customers');
  await admin.getByRole('searchbox').fill(EMAIL);
  await admin.getByRole('searchbox').press('Enter');
  await admin.getByRole('row', { name: new RegExp(EMAIL) }).getByRole('link', { name: /^Edit/ }).click();
  await admin.getByRole('heading', { level: 1 }).waitFor();
}

async function logIn() {
  await admin.getByRole('button', { name: 'Login as Customer', exact: true }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.waitFor();
  const opened = staff.waitForEvent('page');
  await dialog.getByRole('button', { name: 'Login as Customer', exact: true }).click();
  const page = await opened;
  await page.waitForURL(/\/as\/[^/]+\/.*customer\/account$/);
  return page;
}

test('the feature is switched on in the configuration', async () => {
  await signInStaff(admin);
  await menu('Configuration');
  await admin.getByRole('link', { name: 'Login as Customer', exact: true }).click();
  await admin.getByLabel('Enable Login as Customer', { exact: true }).selectOption({ label: 'Yes' });
  await admin.getByRole('button', { name: 'Save Config' }).click();
  await admin.getByRole('status').first().waitFor();
  assert.equal(await admin.getByLabel('Enable Login as Customer', { exact: true }).locator('option:checked').textContent(), 'Yes');
});

test('a role is given the right', async () => {
  await menu('User Roles');
  await admin.getByRole('row', { name: /support/i }).getByRole('link').first().click();
  const roleTab = admin.getByRole('tab', { name: 'Role Resources' }).or(admin.getByRole('link', { name: 'Role Resources' }));
  if (await roleTab.count()) await roleTab.first().click();
  const access = admin.getByLabel('Resource Access');
  if (await access.count()) await access.first().selectOption({ label: 'Custom' });
  else await admin.getByLabel('Custom', { exact: true }).check();
  // Ticking a parent ticks what is under it.
  const right = admin.getByLabel('Allow Login as Customer', { exact: true });
  await admin.getByLabel('Login as Customer', { exact: true }).uncheck();
  assert.equal(await right.isChecked(), false);
  await admin.getByLabel('Login as Customer', { exact: true }).check();
  assert.equal(await right.isChecked(), true);
  await admin.getByRole('button', { name: 'Save Role' }).click();
  await admin.getByRole('status').first().waitFor();
});

test('a customer who is being made has no button', async () => {
  await menu('All Customers');
  await admin.getByRole('link', { name: 'Add New Customer' }).click();
  await admin.getByRole('heading', { level: 1 }).waitFor();
  assert.equal(await admin.getByRole('button', { name: 'Login as Customer' }).count(), 0);
});

test('without consent the dialog says so', async () => {
  await openCustomer();
  await admin.getByRole('button', { name: 'Login as Customer', exact: true }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Login as Customer', exact: true }).count(), 0);
  await dialog.getByRole('button', { name: 'Close' }).or(dialog.getByRole('link', { name: 'Close' })).first().click();
  await dialog.waitFor({ state: 'hidden' });
});

test('the customer allows it', async () => {
  await signInCustomer(own, EMAIL);
  await own.goto('/customer/account/edit');
  await own.getByLabel('Allow remote shopping assistance').check();
  await own.getByRole('button', { name: 'Save', exact: true }).click();
  await own.getByRole('status').first().waitFor();
  await own.goto('/customer/account/edit');
  assert.ok(await own.getByLabel('Allow remote shopping assistance').isChecked());
});

test('staff log in as the customer in a new tab, with the banner', async () => {
  await openCustomer();
  tab = await logIn();
  await tab.getByText('logged in as').waitFor(); // one only: the banner's
  await tab.getByRole('button', { name: 'Close Session' }).waitFor();
  assert.match(await tab.getByRole('main').textContent(), new RegExp(EMAIL));
  // It stays on top when the page is scrolled.
  await tab.evaluate('window.scrollTo(0, document.body.scrollHeight)');
  assert.ok(await tab.getByRole('button', { name: 'Close Session' }).evaluate((n) => {
    const r = n.getBoundingClientRect();
    return r.top >= 0 && r.bottom <= window.innerHeight;
  }));
  // The customer sees no banner, and its words nowhere else.
  for (const page of ['', '/edit', '/assistance']) {
    await own.goto(`/customer/account${page}`);
    assert.equal(await own.getByText(/logged in as/i).count(), 0, page);
  }
});

test('what staff put into the cart is there for the customer at once', async () => {
  const root = new URL(tab.url()).pathname.match(/^\/as\/[^/]+/)[0];
  await tab.goto(`${root}/`);
  await tab.getByRole('main').locator('a[href*="/product/"]').first().click();
  product = (await tab.getByRole('heading', { level: 1 }).textContent()).trim();
  await tab.getByRole('button', { name: 'Add to Cart' }).click();
  await tab.getByRole('status').first().waitFor();
  await own.goto('/cart');
  await own.getByRole('main').getByText(product).first().waitFor();
});

test('staff edit the address of the customer', async () => {
  const root = new URL(tab.url()).pathname.match(/^\/as\/[^/]+/)[0];
  await tab.goto(`${root}/customer/address`);
  await tab.getByRole('main').getByRole('link', { name: /^Edit/ }).first().click();
  await tab.getByLabel('Street Address', { exact: true }).fill(STREET);
  await tab.getByRole('main').getByRole('button', { name: /^Save/ }).first().click();
  await tab.getByRole('main').getByText(STREET).first().waitFor();
  await own.goto('/customer/address');
  await own.getByText(STREET).first().waitFor();
});

test('Close Session leads back to the customer page', async () => {
  await tab.getByRole('button', { name: 'Close Session' }).click();
  await tab.waitForURL(/\/admin\/.*customer/);
  assert.match(await tab.getByRole('main').textContent(), /Login as Customer/);
});

test('the report shows start, both changes with before and after, and end', async () => {
  await menu('Actions Report');
  await admin.getByLabel('Action Group', { exact: true }).selectOption({ label: 'Login As Customer' });
  await admin.getByRole('button', { name: 'Search', exact: true }).click();
  const rows = admin.getByRole('row').filter({ hasText: 'Login As Customer' });
  await rows.first().waitFor();
  assert.ok(await rows.count() >= 4, `only ${await rows.count()} rows`);
  for (let i = 0; i < 4; i++) assert.match(await rows.nth(i).textContent(), /admin/);
  const links = await admin.getByRole('row').getByRole('link', { name: /^View/ }).evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  let seen = '';
  for (const href of links.slice(0, 6)) {
    await admin.goto(href);
    seen += await admin.getByRole('main').textContent();
  }
  assert.ok(seen.includes(STREET), 'the new street is not in the record');
});

test('the log is whole', () => {
  shop.command('audit', 'verify');
});

test('the customer withdraws it while a second session runs', async () => {
  await openCustomer();
  tab = await logIn();
  await own.goto('/customer/account/edit');
  await own.getByLabel('Allow remote shopping assistance').uncheck();
  await own.getByRole('button', { name: 'Save', exact: true }).click();
  await own.getByRole('status').first().waitFor();
  const root = new URL(tab.url()).pathname.match(/^\/as\/[^/]+/)[0];
  const reply = await tab.goto(`${root}/cart`);
  assert.equal(reply.status(), 410);
  assert.match(await tab.getByRole('main').textContent(), /permission/i);
  assert.equal(await tab.getByText(product).count(), 0);
});

test('no script failed and nothing came from elsewhere', () => {
  assert.deepEqual([...staff.complaints, ...customer.complaints], []);
});
