// Every page that can be reached by links: axe-core without a serious finding, a screenshot at desktop and phone width, no
// script error, nothing from another site. One page of each kind (addresses with other ids count as the same). How a page looks
// does not depend on the engine:
// ENGINES = ("sqlite",)
'use strict';
const assert = require('node:assert/strict');
const { openShop, signInStaff, signInCustomer, checkAccessible, screenshot } = require('./shop.js');

const shop = openShop();

/** The kind of an address: numbers, keys and the query's values do not matter. */
function kind(address) {
  const url = new URL(address, 'http://x');
  const parts = url.pathname.split('/').map((p) => (/^\d+$/.test(p) ? 'N' : p));
  if (/^\/(nl\/|second\/|outlet\/)?(product|category)\//.test(url.pathname)) parts[parts.length - 1] = 'K';
  return parts.join('/');
}

async function visitAll(context, start, prefix, allowed, limit) {
  const page = await context.newPage();
  const waiting = [...start];
  const seen = new Set(start.map(kind));
  const visited = [];
  while (waiting.length > 0 && visited.length < limit) {
    const address = waiting.shift();
    const reply = await page.goto(address);
    assert.ok(reply.status() === 200, `${address}: ${reply.status()}`);
    if (!(reply.headers()['content-type'] || '').startsWith('text/html')) continue;
    const name = `${prefix}-${kind(address).replace(/^\/(as\/[^/]+\/?)?/, '').replace(/\W+/g, '-') || 'home'}`;
    visited.push(address);
    assert.notEqual(await page.title(), '', `${address}: no title`);
    assert.equal(await page.locator('h1').count(), 1, `${address}: one h1`);
    const twice = await page.evaluate(`(() => { const n = {}; document.querySelectorAll('[id]').forEach((e) => { n[e.id] = (n[e.id] || 0) + 1; });
      return Object.keys(n).filter((k) => n[k] > 1); })()`);
    assert.deepEqual(twice, [], `${address}: ids that stand twice`);
    await checkAccessible(page, address);
    await screenshot(page, name);
    const links = await page.evaluate("[...document.querySelectorAll('a[href]:not([download])')].map((a) => a.getAttribute('href'))");
    for (const href of links) {
      const url = new URL(href, page.url());
      const target = url.pathname + url.search;
      // A PDF is no page: the browser hands it to its reader, or downloads it.
      if (/^\/(admin|customer\/(invoices|creditmemos))\/.*print$/.test(url.pathname)) continue;
      if (url.origin === new URL(shop.url).origin && allowed(url.pathname) && !seen.has(kind(target))) {
        seen.add(kind(target));
        waiting.push(target);
      }
    }
  }
  await page.close();
  return visited;
}

const inShop = (p) => !p.startsWith('/admin') && !p.startsWith('/as/') && !p.startsWith('/assets/');

shop.visit('the shop as a guest', 180000, async (page, context) => {
  const start = ['/', '/nl/', '/cart', '/customer/account/login', '/customer/account/create', '/customer/account/forgotpassword'];
  const visited = await visitAll(context, start, 'shop', inShop, 40);
  for (const wanted of [/\/product\//, /\/category\//]) assert.ok(visited.some((v) => wanted.test(v)), `no page like ${wanted}`);
});

shop.visit('the shop as a customer', 180000, async (page, context) => {
  await signInCustomer(page);
  const visited = await visitAll(context, ['/customer/account', '/customer/account/edit', '/customer/address', '/cart'], 'customer',
    (p) => p.startsWith('/customer') || p === '/cart', 30);
  assert.ok(visited.length >= 5, visited.join(' '));
});

shop.visit('the Admin', 240000, async (page, context) => {
  await page.goto('/admin');
  await checkAccessible(page, 'Admin sign-in');
  await screenshot(page, 'admin-sign-in');
  await signInStaff(page);
  const visited = await visitAll(context, ['/admin'], 'admin', (p) => p.startsWith('/admin') && !p.endsWith('/print'), 60);
  assert.ok(visited.length >= 10, visited.join(' '));
});

shop.visit('an assisted session', 180000, async (page, context) => {
  await signInStaff(page);
  await page.goto('/admin');
  await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'All Customers', exact: true }).click();
  await page.getByRole('searchbox').fill('consents@example.com');
  await page.getByRole('searchbox').press('Enter');
  await page.getByRole('row', { name: /consents@example.com/ }).getByRole('link', { name: /^Edit/ }).click();
  await page.getByRole('button', { name: 'Login as Customer', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await checkAccessible(page, 'the dialog');
  await screenshot(page, 'admin-dialog');
  const opened = context.waitForEvent('page');
  await dialog.getByRole('button', { name: 'Login as Customer', exact: true }).click();
  const tab = await opened;
  await tab.waitForURL(/\/as\//);
  const root = new URL(tab.url()).pathname.match(/^\/as\/[^/]+/)[0];
  await visitAll(context, [`${root}/`, `${root}/customer/account`, `${root}/cart`], 'assisted', (p) => p.startsWith(root), 30);
});
