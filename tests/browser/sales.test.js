// The Admin's sales pages for everybody: axe-core without any finding and nothing wider than the window, in both languages, on
// a desk and on a phone. Two people look at the same time. How a page looks does not depend on the engine:
// ENGINES = ("sqlite",)
'use strict';
const assert = require('node:assert/strict');
const { test } = require('node:test');
const { AXE, openShop, signInStaff } = require('./shop.js');

const DOCUMENTS = ['invoices', 'shipments', 'creditmemos'];
const shop = openShop();

/** What is wrong with the page as it is, at both widths. Colours, which take axe the longest, depend on neither language nor width. */
async function findings(page, what, colours) {
  const found = [];
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const rules = { 'color-contrast': { enabled: colours && width === 1280 } };
    const { violations } = await page.evaluate((rules) => axe.run(document, { resultTypes: ['violations'], rules }), rules);
    for (const v of violations) found.push(`${what} at ${width}: ${v.id}: ${v.nodes.map((n) => n.html).slice(0, 2).join(' | ')}`);
    const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (over > 1) found.push(`${what} at ${width}: wider than the window by ${over} px`);
  }
  return found;
}

/** One member of staff, in one language. */
class Reader {
  static async open(username, locale) {
    const reader = new Reader();
    reader.context = await shop.profile();
    await reader.context.addInitScript(AXE);
    reader.page = await reader.context.newPage();
    reader.language = locale.slice(0, 2);
    reader.found = [];
    reader.looked = [];
    await signInStaff(reader.page, username);
    await reader.page.goto('/admin/account');
    await reader.page.locator('select[name=locale]').selectOption(locale);
    await reader.page.locator('main form .btn-primary').click();
    return reader;
  }

  async look(what) {
    assert.equal(await this.page.locator('html').getAttribute('lang'), this.language, what);
    this.looked.push(what);
    this.found.push(...await findings(this.page, `${what} (${this.language})`, this.language === 'en'));
  }

  async see(address, what) {
    const reply = await this.page.goto(address);
    assert.equal(reply.status(), 200, address);
    await this.look(what || address.replace(/\/admin\//, ''));
  }

  /** The page of the first row of a grid. */
  async first(grid) {
    await this.page.goto(grid);
    return this.page.locator('.datagrid tbody .row-links a').first().getAttribute('href');
  }

  async documents() {
    for (const grid of ['orders', ...DOCUMENTS]) await this.see(`/admin/${grid}`, grid);
    for (const grid of DOCUMENTS) await this.see(await this.first(`/admin/${grid}`), `a page of ${grid}`);
    await this.page.locator('.page-actions .btn-assist').click();
    await this.page.locator('dialog .btn-assist').waitFor();
    await this.look('Login as Customer from a credit memo');
    // A refunded order has a document of each kind.
    const order = await this.page.locator('main .facts a[href^="/admin/orders/"]').first().getAttribute('href');
    await this.see(order, 'an order');
    for (const tab of [...DOCUMENTS, 'comments']) await this.see(`${order}?tab=${tab}`, `an order's ${tab}`);
  }

  async newDocuments() {
    const pending = await this.first('/admin/orders?f.status=pending');
    for (const kind of ['invoice', 'shipment']) await this.see(`${pending}/${kind}/new`, `a new ${kind}`);
    await this.see(`${await this.first('/admin/orders?f.status=complete')}/creditmemo/new`, 'a new credit memo');
    await this.see(`/admin/orders/cancel?ids=${pending.match(/\d+/)[0]}`, 'several orders to cancel');
  }

  async newOrders() {
    await this.see('/admin/orders/new', 'the customers to order for');
    await this.page.goto(await this.page.locator('.datagrid tbody .row-links a').first().getAttribute('href'));
    await this.page.locator('input[name=find]').fill('a');
    await this.page.locator('input[name=find]').press('Enter');
    await this.look('a search that is too short');
    await this.page.locator('input[name=find]').fill('hh-10');
    await this.page.locator('input[name=find]').press('Enter');
    await this.page.locator('button[name=add]').first().click();
    await this.page.locator('input[name^="qty["]').waitFor();
    await this.look('a new order with products');
    await this.see('/admin/orders/new?guest=1', 'a new order for a guest');
    await this.page.locator('button[form=new-order]').click();
    await this.look('a new order that was refused');
  }

  async all() {
    await this.documents();
    await this.newDocuments();
    await this.newOrders();
    assert.deepEqual(this.found, []);
    assert.deepEqual(this.context.complaints, []);
    await this.context.close();
    return this.looked.length;
  }
}

test('every sales page, in English and Dutch', { timeout: 300000 }, async () => {
  const readers = [await Reader.open('admin', 'en_US'), await Reader.open('support', 'nl_NL')];
  assert.deepEqual(await Promise.all(readers.map((r) => r.all())), [22, 22]);
});
