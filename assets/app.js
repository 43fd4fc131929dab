/* Countersign in the browser: makes pages nicer that already work without it. No library, no inline code, nothing kept
 * but which panels are open. What each data-… attribute does is listed in docs/looks.md. */
(() => {
  'use strict';
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const box = (e) => (e.matches('input') ? e : e.querySelector('input[type="checkbox"]'));

  /* ---- tree of tick boxes ---- */

  const own_box = (li) => li.querySelector(':scope > label > input, :scope > div > input, :scope > input, :scope > .form-check > input');
  const below = (li) => all('ul input[type="checkbox"]', li);

  function tree_show(tree) {
    for (const li of all('li', tree).reverse()) {
      const parent = own_box(li), under = below(li).filter((b) => b.name);
      if (!parent || !under.length) continue;
      const on = under.filter((b) => b.checked).length;
      if (!parent.name) parent.checked = on === under.length;
      parent.indeterminate = parent.checked ? on < under.length : on > 0;
    }
  }

  function tree_start(tree) {
    tree.addEventListener('change', (event) => {
      const li = event.target.closest('li');
      if (li && own_box(li) === event.target)
        for (const b of below(li)) if (!b.disabled) b.checked = event.target.checked;
      tree_show(tree);
    });
    tree_show(tree);
  }

  /* ---- controls that depend on others ---- */

  /* Ticked: the control shows what it inherits. Choosing another value takes the tick away; nobody has to find the box first. */
  function inherits_start(element) {
    const tick = box(element), inherited = element.dataset.inherited;
    const control = document.getElementById(element.dataset.inherits);
    if (!tick || !control || inherited === undefined) return;
    let own = control.value;
    tick.addEventListener('change', () => {
      if (tick.checked) own = control.value;
      control.value = tick.checked ? inherited : own;
    });
    for (const kind of ['input', 'change'])
      control.addEventListener(kind, () => { if (control.value !== inherited) tick.checked = false; });
  }

  function show_when_start(element) {
    const [name, value] = element.dataset.showWhen.split('=');
    const form = element.closest('form') || document;
    const controls = all('input, select', form).filter((c) => c.name === name);
    const show = () => {
      const now = controls.filter((c) => (c.type !== 'radio' && c.type !== 'checkbox') || c.checked).map((c) => c.value);
      element.hidden = !now.includes(value);
    };
    if (!controls.length) return;
    for (const c of controls) c.addEventListener('change', show);
    show();
  }

  /* A one-time code comes behind the # of a link, where no server and no log sees it; once taken, it leaves the address bar. */
  function fill_from_hash(element) {
    const name = element.dataset.fillFromHash;
    const value = new URLSearchParams(location.hash.slice(1)).get(name);
    const control = all('input', element).find((c) => c.name === name);
    if (!value || !control) return;
    control.value = value;
    history.replaceState(null, '', location.pathname + location.search);
  }

  /* ---- banner of an assisted session ---- */

  function countdown_start(banner) {
    const left_at = banner.querySelector('[data-left]');
    /* The server's clock counts; the browser's may be wrong. */
    const skew = Number(banner.dataset.now) * 1000 - Date.now();
    const ends = Number(banner.dataset.ends) * 1000;
    let over = false;
    const tick = () => {
      const left = Math.ceil((ends - Date.now() - skew) / 1000);
      if (left <= 0 && !over) {
        over = true;
        setTimeout(() => location.replace(location.href), 1000);
      }
      const s = Math.max(left, 0);
      if (left_at) left_at.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
    };
    if (!Number.isFinite(ends) || !Number.isFinite(skew) || !ends) return;
    tick();
    setInterval(tick, 1000);
  }

  /* ---- dialog ---- */

  /* Tab goes round inside, also past the browser's own bars. */
  function keep_focus(dialog) {
    dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Tab') return;
      const stops = all('a[href], button, input, select, textarea', dialog).filter((e) => !e.disabled && e.type !== 'hidden' && e.offsetParent);
      const last = event.shiftKey ? stops[0] : stops[stops.length - 1];
      if (!stops.length || document.activeElement !== last) return;
      event.preventDefault();
      (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
    });
  }

  async function dialog_open(address, opener) {
    let page;
    try {
      const reply = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
      if (reply.redirected || !(reply.headers.get('Content-Type') || '').startsWith('text/html')) throw new Error('not the dialog');
      page = new DOMParser().parseFromString(await reply.text(), 'text/html');
    } catch {
      location.assign(address);
      return;
    }
    const main = page.querySelector('main'), title = main && main.querySelector('h1, h2');
    if (!title) {
      location.assign(address);
      return;
    }
    const dialog = document.createElement('dialog');
    dialog.className = 'dialog';
    title.id = title.id || 'dialog-title';
    dialog.setAttribute('aria-labelledby', title.id);
    dialog.append(...[...main.childNodes].map((n) => document.adoptNode(n)));
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (opener) opener.focus();
    });
    dialog.addEventListener('click', (event) => {
      const close = event.target.closest('[data-dialog-close]');
      if (!close && event.target !== dialog) return;
      event.preventDefault();
      dialog.close();
    });
    /* What goes to a new tab leaves nothing to do here. */
    dialog.addEventListener('submit', (event) => {
      if (event.target.target === '_blank') setTimeout(() => dialog.close(), 50);
    });
    document.body.append(dialog);
    keep_focus(dialog);
    start(dialog);
    dialog.showModal();
    const first = dialog.querySelector('[aria-invalid="true"], select, input:not([type="hidden"]), button, a[href]');
    if (first) first.focus();
  }

  /* Asks in a dialog of our own; gives back whether the answer was yes. The safe button has the focus, Escape means no. */
  function confirmed(question, pressed) {
    const dialog = document.createElement('dialog');
    const make = (tag, text, name) => Object.assign(document.createElement(tag), { textContent: text, className: name });
    const title = Object.assign(make('h2', question, 'h1'), { id: 'confirm-title' });
    const actions = make('div', '', 'dialog-actions');
    /* Where the button itself is called Cancel, data-confirm-yes and -no have better words. */
    const words = (pressed && pressed.dataset) || {}, danger = !pressed || pressed.classList.contains('btn-danger');
    const no = make('button', words.confirmNo || document.body.dataset.cancel || 'Cancel', 'btn btn-secondary');
    const yes = make('button', words.confirmYes || (pressed && pressed.textContent.trim()) || 'OK', danger ? 'btn btn-danger' : 'btn btn-primary');
    const body = make('div', '', danger ? 'dialog-body is-danger' : 'dialog-body');
    no.type = yes.type = 'button';
    actions.append(no, yes);
    body.append(title, actions);
    dialog.className = 'dialog';
    dialog.setAttribute('role', 'alertdialog');
    dialog.setAttribute('aria-labelledby', title.id);
    dialog.append(body);
    document.body.append(dialog);
    keep_focus(dialog);
    return new Promise((resolve) => {
      let answer = false;
      no.addEventListener('click', () => dialog.close());
      yes.addEventListener('click', () => { answer = true; dialog.close(); });
      dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
      dialog.addEventListener('close', () => {
        dialog.remove();
        if (pressed) pressed.focus();
        resolve(answer);
      });
      dialog.showModal();
      no.focus();
    });
  }

  /* ---- the whole page ---- */

  function start(root) {
    all('[data-tree]', root).forEach(tree_start);
    all('[data-inherits]', root).forEach(inherits_start);
    all('[data-show-when]', root).forEach(show_when_start);
    all('[data-fill-from-hash]', root).forEach(fill_from_hash);
    all('[data-ends]', root).forEach(countdown_start);
    all('[data-no-script]', root).forEach((e) => { e.hidden = true; });
    all('select[data-submit]', root).forEach((s) => s.addEventListener('change', () => s.form && s.form.requestSubmit()));
    all('details[data-remember]', root).forEach((d) => {
      const key = `open:${location.pathname}:${d.dataset.remember}`;
      if (sessionStorage.getItem(key)) d.open = true;
      d.addEventListener('toggle', () => (d.open ? sessionStorage.setItem(key, '1') : sessionStorage.removeItem(key)));
    });
    all('form[data-mass]', root).forEach(count_ticks);
    all('[data-print]', root).forEach((b) => {
      b.hidden = false;
      b.addEventListener('click', () => print());
    });
    all('[data-autosubmit]', root).forEach((e) => e.closest('form').requestSubmit());
  }

  /* ---- the boxes in front of a grid's rows ---- */

  const ticks = (form) => [...form.elements].filter((c) => c.type === 'checkbox');

  function count_ticks(form) {
    const n = ticks(form).filter((c) => c.checked).length, link = form.querySelector('[data-mass-all]');
    const count = form.querySelector('[data-mass-count]');
    count.textContent = n ? count.dataset.massCount.replace('#', n) : '';
    link.textContent = n && n === ticks(form).length ? link.dataset.massNone : link.dataset.massAll;
  }

  document.addEventListener('change', (event) => {
    const form = event.target.form;
    if (form && form.hasAttribute('data-mass')) count_ticks(form);
  });

  document.addEventListener('click', (event) => {
    const all_of_them = event.target.closest('[data-mass-all]');
    if (all_of_them) {
      const form = all_of_them.closest('form'), tick = ticks(form).some((c) => !c.checked);
      event.preventDefault();
      for (const c of ticks(form)) c.checked = tick;
      count_ticks(form);
    }
    const link = event.target.closest('a[data-dialog]');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      dialog_open(link.href, link);
    }
    for (const menu of all('details.datagrid-menu[open]')) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    const menu = event.target.closest && event.target.closest('details.datagrid-menu[open]');
    if (!menu) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });

  function only_filled(form) {
    const empty = [...form.elements].filter((c) => c.name && !c.disabled && c.value === '');
    for (const c of empty) c.disabled = true;
    setTimeout(() => { for (const c of empty) c.disabled = false; }, 0);
  }

  document.addEventListener('submit', (event) => {
    const form = event.target, pressed = event.submitter;
    const question = (pressed && pressed.dataset.confirm) || form.dataset.confirm;
    if (event.defaultPrevented) return;
    if (question && !form.dataset.confirmed) {
      event.preventDefault();
      confirmed(question, pressed).then((yes) => {
        if (!yes) return;
        form.dataset.confirmed = '1';
        form.requestSubmit(pressed);
        delete form.dataset.confirmed;
      });
      return;
    }
    if (form.hasAttribute('data-dialog')) {
      const address = new URL((pressed && pressed.getAttribute('formaction')) || form.getAttribute('action'), location);
      address.search = new URLSearchParams(new FormData(form)).toString();
      event.preventDefault();
      dialog_open(address.href, pressed);
      return;
    }
    if (form.method !== 'post') {
      if (form.hasAttribute('data-clean')) only_filled(form);
      return;
    }
    if (form.dataset.busy) {
      event.preventDefault();
      return;
    }
    form.dataset.busy = '1';
    if (pressed) pressed.classList.add('is-busy');
    /* A new tab or a download leaves this page standing. */
    setTimeout(() => release(form), form.target === '_blank' ? 1500 : 15000);
  });

  function release(form) {
    delete form.dataset.busy;
    all('.is-busy', form).forEach((b) => b.classList.remove('is-busy'));
  }

  window.addEventListener('pageshow', () => all('form[data-busy]').forEach(release));
  start(document);
})();
