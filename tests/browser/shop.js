// The real server on a copy of the demo shop, and Debian's chromium, for the browser tests.
'use strict';
const { execFileSync, spawn } = require('node:child_process');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { chromium } = require('playwright-core');

const ROOT = path.dirname(path.dirname(__dirname));
const SCREENS = path.join(ROOT, 'out', 'screens');
const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const ADMIN_PASSWORD = process.env.ADMIN_PASSWORD;
const CUSTOMER_PASSWORD = process.env.CUSTOMER_PASSWORD;
const BINARY = process.env.COUNTERSIGN || path.join(ROOT, 'out', 'asan', 'countersign');
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

/** A server of its own, and the browser with those who visit it. */
class Shop {
  async open() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-browser-'));
    fs.cpSync(process.env.DEMO_TEMPLATE || path.join(ROOT, 'out', 'test-demo'), this.folder, { recursive: true });
    this.db = process.env.COUNTERSIGN_ENGINE === 'postgres' ? this.makeDatabase() : `sqlite:${this.folder}/shop.db`;
    await this.serve();
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: FLAGS });
  }

  async serve() {
    this.log = '';
    this.process = spawn(BINARY, ['serve', '--db', this.db, '--listen', '127.0.0.1:0'],
      { stdio: ['ignore', 'ignore', 'pipe'], cwd: this.folder, env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1:exitcode=99' } });
    this.ended = new Promise((resolve) => this.process.on('exit', (code, signal) => resolve(code ?? signal)));
    // A test that ends in any way takes its server along.
    process.on('exit', () => this.process.kill('SIGKILL'));
    const port = await new Promise((resolve, reject) => {
      this.process.stderr.on('data', (chunk) => {
        this.log += chunk;
        const line = this.log.split('\n').find((l) => l.includes('"listening"') && l.endsWith('}'));
        if (line) resolve(JSON.parse(line).port);
      });
      this.ended.then((code) => reject(new Error(`the server ended with ${code}:\n${this.log}`)));
    });
    this.url = `http://127.0.0.1:${port}`;
    await this.healthy();
  }

  /** A copy of the demo shop in the cluster that the runner started; its address. */
  makeDatabase() {
    this.name = `${path.basename(this.folder).replace(/\W/g, '')}${process.pid}`.toLowerCase();
    this.psql(`CREATE DATABASE ${this.name} TEMPLATE demo`);
    return process.env.COUNTERSIGN_POSTGRES + this.name;
  }

  /** Runs a command of the program on this shop's database, beside the server. */
  command(...words) {
    execFileSync(BINARY, [...words, '--db', this.db], { timeout: 60000, cwd: this.folder });
  }

  psql(sql) {
    execFileSync(process.env.COUNTERSIGN_PSQL || 'psql', ['-q', '-d', `${process.env.COUNTERSIGN_POSTGRES}postgres`, '-c', sql], { stdio: 'inherit' });
  }

  async healthy() {
    for (let i = 0; i < 200; i++) {
      const status = await new Promise((resolve) => {
        http.get(`${this.url}/healthz`, (r) => { r.resume(); resolve(r.statusCode); }).on('error', () => resolve(0));
      });
      if (status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('/healthz never answered 200');
  }

  /** Looks at how the server ended and at what it logged. */
  async close() {
    await this.browser?.close();
    this.process?.kill('SIGTERM');
    const late = setTimeout(() => this.process?.kill('SIGKILL'), 15000);
    const code = await this.ended;
    clearTimeout(late);
    fs.rmSync(this.folder, { recursive: true, force: true });
    if (this.name) this.psql(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    assert.equal(code, 0, `the server ended with ${code}:\n${this.log?.slice(-8000)}`);
    for (const secret of [ADMIN_PASSWORD, CUSTOMER_PASSWORD]) assert.ok(!this.log.includes(secret), 'a password stands in the log');
  }

  /** A browser profile that notes when a script or the content policy complains, or an address leads off the site. */
  async profile() {
    const context = await this.browser.newContext({ baseURL: this.url, viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
    context.setDefaultTimeout(15000);
    context.complaints = [];
    context.on('weberror', (e) => context.complaints.push(`script: ${e.error().message}`));
    context.on('console', (m) => {
      if (m.type() === 'error' && !/status of (4\d\d)/.test(m.text())) context.complaints.push(`console: ${m.text()}`);
    });
    context.on('request', (r) => {
      if (!r.url().startsWith(this.url) && !r.url().startsWith('data:')) context.complaints.push(`off the site: ${r.url()}`);
    });
    return context;
  }

  /** A test by one visitor, with a profile of their own, in which nothing may have been noted at the end. */
  visit(name, timeout, run) {
    test(name, { timeout }, async () => {
      const context = await this.profile();
      try {
        await run(await context.newPage(), context);
        assert.deepEqual(context.complaints, []);
      } finally {
        await context.close();
      }
    });
  }
}

/** The shop of a file's tests: open before the first, closed after the last. `also` prepares more in it. */
function openShop(also) {
  const shop = new Shop();
  before(async () => {
    await shop.open();
    await also?.();
  }, { timeout: 60000 });
  after(() => shop.close());
  return shop;
}

async function signInStaff(page, username = 'admin') {
  await page.goto('/admin');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(ADMIN_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').first().waitFor();
}

async function signInCustomer(page, email = 'consents@example.com', view = '') {
  await page.goto(`${view}/customer/account/login`);
  const main = page.getByRole('main');
  await main.getByLabel('Email').fill(email);
  await main.getByLabel('Password', { exact: true }).fill(CUSTOMER_PASSWORD);
  await main.getByRole('button', { name: 'Sign In' }).click();
  await page.waitForURL(/\/customer\/account$/);
}

/** Opens the page of a product that can be bought, of those on the home page of a store view. */
async function openProduct(page, view) {
  await page.goto(`${view}/`);
  for (const link of await page.$$eval('.product-card a', (list) => list.map((a) => a.getAttribute('href')))) {
    await page.goto(link);
    if (await page.locator('form[action$="/cart/add"] button').count()) return;
  }
  throw new Error('the home page shows nothing that can be bought');
}

/** Puts so many pieces of a product that can be bought into the cart, which is open then. */
async function fillCart(page, view, pieces) {
  await openProduct(page, view);
  await page.locator('[name=qty]').fill(String(pieces));
  await page.locator('form[action$="/cart/add"] button').click();
  await page.waitForURL(/\/cart$/);
}

/** axe-core without a serious or critical finding. */
async function checkAccessible(page, what) {
  const found = await page.evaluate(`(() => { ${AXE}; return axe.run(document, { resultTypes: ['violations'] }); })()`);
  const bad = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
  assert.deepEqual(bad.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(' | ')}`), [], `${what}: axe`);
}

/** A screenshot at desktop and phone width in out/screens/; no page may scroll sideways on a phone. `also` looks at the page at each. */
async function screenshot(page, name, also) {
  fs.mkdirSync(SCREENS, { recursive: true });
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: path.join(SCREENS, `${name}-${width}.png`), fullPage: true });
    const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.ok(over <= 1, `${name}: wider than the window by ${over} px at ${width}`);
    await also?.(width);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

module.exports = { AXE, openShop, signInStaff, signInCustomer, fillCart, checkAccessible, screenshot };
