/** Runs inside the page: what a person with other eyes, other hands or another screen would stumble over. One sentence per fault. */
(() => {
  const faults = [];
  const top = document.querySelector('dialog[open]') ?? document.body;
  const isShown = (node) =>
    node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !node.closest('[inert]');
  const nameOf = (node) => {
    const said = node.getAttribute('aria-label');
    if (said?.trim()) return said;
    const by = node.getAttribute('aria-labelledby');
    if (by)
      return by
        .split(' ')
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ');
    if (node.labels?.length) return [...node.labels].map((label) => label.textContent).join(' ');
    return node.matches('input, select, textarea') ? '' : node.textContent;
  };
  const where = (node) =>
    `<${node.tagName.toLowerCase()} id="${node.id}" class="${node.className}"> ${node.textContent.slice(0, 30)}`;

  const ids = [...document.querySelectorAll('[id]')].map((node) => node.id);
  for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) faults.push(`id twice: ${id}`);
  for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-activedescendant']) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      for (const id of node.getAttribute(name).split(' ')) {
        if (!document.getElementById(id)) faults.push(`${name} points nowhere: ${where(node)}`);
      }
    }
  }
  for (const node of top.querySelectorAll(
    'button, a[href], input, select, textarea, dialog, article, [role="listbox"]',
  )) {
    if (isShown(node) && nameOf(node).trim() === '') faults.push(`no name: ${where(node)}`);
  }
  for (const node of document.querySelectorAll('img'))
    if (!node.hasAttribute('alt')) faults.push(`no alt: ${where(node)}`);
  for (const node of top.querySelectorAll('button, a[href], select, input:not(.unseen)')) {
    if (!isShown(node)) continue;
    const { width, height } = node.getBoundingClientRect();
    if (width > 1 && (width < 24 || height < 24)) faults.push(`too small to hit (${width}×${height}): ${where(node)}`);
  }
  if (document.querySelectorAll('main').length !== 1) faults.push('not one main');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  if (!document.documentElement.lang) faults.push('no language');

  // https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
  const read = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return { r, g, b, a };
  };
  const over = (front, back) => ({
    r: front.r * front.a + back.r * (1 - front.a),
    g: front.g * front.a + back.g * (1 - front.a),
    b: front.b * front.a + back.b * (1 - front.a),
    a: 1,
  });
  const ground = (node) => {
    if (!node) return read(getComputedStyle(document.documentElement).backgroundColor);
    const own = read(getComputedStyle(node).backgroundColor);
    return own.a === 1 ? own : over(own, ground(node.parentElement));
  };
  const light = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !isShown(node) || node.closest('.unseen, option, [aria-disabled="true"]'))
      continue;
    texts += 1;
    const back = ground(node);
    const found = ratio(over(read(getComputedStyle(node).color), back), back);
    if (found < 4.5) faults.push(`contrast ${found.toFixed(2)}: ${where(node)}`);
  }
  for (const node of top.querySelectorAll('input:not(.unseen):not([type="file"]), select, textarea')) {
    if (!isShown(node)) continue;
    const found = ratio(read(getComputedStyle(node).borderTopColor), ground(node.parentElement));
    if (found < 3) faults.push(`edge of a control ${found.toFixed(2)}: ${where(node)}`);
  }
  if (texts === 0) faults.push('nothing to read');

  if (document.documentElement.scrollWidth > innerWidth)
    faults.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
  const sticksOut = (node) => {
    const { left, right, width } = node.getBoundingClientRect();
    return width > 1 && (right > innerWidth + 1 || left < -1);
  };
  for (const node of top.querySelectorAll('*')) {
    if (!isShown(node) || node.closest('.unseen') || getComputedStyle(node).position === 'fixed') continue;
    // only where it begins: what stands inside it sticks out with it
    if (sticksOut(node) && !sticksOut(node.parentElement)) faults.push(`sticks out: ${where(node)}`);
  }
  return faults;
})();
