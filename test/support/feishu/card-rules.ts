/**
 * What Feishu accepts as a card, as strictly as its pages say it: Card JSON 2.0 refuses unknown properties, so does this.
 * Written from the platform's pages alone, never from what our renderer happens to draw.
 * https://open.feishu.cn/document/feishu-cards/card-json-v2-structure and the pages of each component below it.
 */

type Json = Record<string, unknown>;
const COLORS =
  /^(default|bg-white|white|(blue|wathet|turquoise|green|yellow|orange|red|carmine|violet|purple|indigo|grey|lime)(-(50|100|200|300|350|400|500|600|700|800|900|950))?|rgba\([0-9., ]+\))$/;
const TEMPLATES = /^(blue|wathet|turquoise|green|yellow|orange|red|carmine|violet|purple|indigo|grey|default)$/;
const TEXT_SIZES =
  /^(heading-[0-4]|heading|normal|notation|xxxx-large|xxx-large|xx-large|x-large|large|medium|small|x-small)$/;
const BUTTONS = /^(default|primary|danger|text|primary_text|danger_text|primary_filled|danger_filled|laser)$/;
const SPACING = /^(small|medium|large|extra_large|[0-9]{1,2}px)$/;
const BOX = /^(-?[0-9]{1,2}(px)?)( -?[0-9]{1,2}(px)?){0,3}$/;

const LAYOUT = ['direction', 'horizontal_spacing', 'vertical_spacing', 'horizontal_align', 'vertical_align', 'padding'];
const PROPERTIES: Record<string, string[]> = {
  div: ['width', 'text', 'icon'],
  markdown: ['content', 'text_size', 'text_align', 'icon'],
  hr: [],
  column_set: ['horizontal_spacing', 'horizontal_align', 'flex_mode', 'background_style', 'action', 'columns'],
  column: [...LAYOUT, 'background_style', 'width', 'weight', 'action', 'elements'],
  form: [...LAYOUT, 'name', 'elements'],
  button: [
    ...['type', 'size', 'width', 'text', 'icon', 'hover_tips', 'disabled', 'disabled_tips', 'confirm', 'behaviors'],
    ...['name', 'form_action_type'],
  ],
  input: [
    ...['name', 'required', 'placeholder', 'default_value', 'disabled', 'disabled_tips', 'width', 'behaviors'],
    ...['max_length', 'input_type', 'rows', 'auto_resize', 'max_rows', 'show_icon', 'label', 'label_position', 'value'],
    'confirm',
  ],
  select_static: [
    ...['type', 'name', 'required', 'disabled', 'initial_option', 'initial_index', 'placeholder', 'width', 'behaviors'],
    ...['options', 'confirm'],
  ],
  select_person: [
    ...['type', 'name', 'required', 'disabled', 'initial_option', 'placeholder', 'width', 'behaviors', 'options'],
    'confirm',
  ],
  date_picker: [
    'name',
    'required',
    'disabled',
    'width',
    'behaviors',
    'initial_date',
    'placeholder',
    'value',
    'confirm',
  ],
};
const INTERACTIVE = new Set(['button', 'input', 'select_static', 'select_person', 'date_picker']);

/** Every reason for which the platform would refuse this card; empty when it takes it. */
export function cardFaults(card: unknown): string[] {
  const rules = new Rules();
  rules.card(card);
  return rules.faults;
}

class Rules {
  readonly faults: string[] = [];
  readonly #names = new Set<string>();
  readonly #ids = new Set<string>();
  #sizes = new Set<string>();

  card(card: unknown): void {
    if (!isJson(card)) {
      this.#say('card', 'is no object');
      return;
    }
    this.#only('card', card, ['schema', 'config', 'card_link', 'header', 'body']);
    if (card.schema !== '2.0') this.#say('schema', 'must be "2.0"');
    this.#config(card.config);
    if (card.header !== undefined) this.#header(card.header);
    const body = card.body;
    if (!isJson(body) || !Array.isArray(body.elements)) {
      this.#say('body', 'needs elements');
      return;
    }
    this.#only('body', body, [...LAYOUT, 'elements']);
    this.#layout('body', body);
    for (const [i, element] of body.elements.entries()) this.#element(`body[${i}]`, element, 1, false);
    const tags = countTags(card);
    if (tags > 200) this.#say('card', `has ${tags} elements, at most 200 (11310)`);
  }

  #say(where: string, what: string): void {
    this.faults.push(`${where} ${what}`);
  }

  #only(where: string, json: Json, allowed: string[]): void {
    for (const key of Object.keys(json)) if (!allowed.includes(key)) this.#say(where, `has an unknown property ${key}`);
  }

  #config(config: unknown): void {
    if (!isJson(config)) {
      this.#say('config', 'must say update_multi');
      return;
    }
    this.#only('config', config, [
      ...['streaming_mode', 'streaming_config', 'summary', 'locales', 'enable_forward', 'update_multi', 'width_mode'],
      ...['use_custom_translation', 'enable_forward_interaction', 'style'],
    ]);
    if (config.update_multi !== true) this.#say('config.update_multi', 'must be true');
    if (config.summary !== undefined) {
      if (!isJson(config.summary) || typeof config.summary.content !== 'string')
        this.#say('config.summary', 'is unclear');
      else this.#only('config.summary', config.summary, ['content', 'i18n_content']);
    }
    if (isJson(config.style) && isJson(config.style.text_size))
      this.#sizes = new Set(Object.keys(config.style.text_size));
  }

  #header(header: unknown): void {
    if (!isJson(header)) {
      this.#say('header', 'is no object');
      return;
    }
    this.#only('header', header, [
      ...['title', 'subtitle', 'text_tag_list', 'i18n_text_tag_list', 'template', 'icon', 'padding'],
    ]);
    this.#text('header.title', header.title, ['plain_text', 'lark_md']);
    if (header.template !== undefined) this.#matches('header.template', header.template, TEMPLATES);
  }

  #element(where: string, element: unknown, depth: number, inForm: boolean): void {
    if (!isJson(element) || typeof element.tag !== 'string') {
      this.#say(where, 'has no tag');
      return;
    }
    const allowed = PROPERTIES[element.tag];
    const at = `${where}.${element.tag}`;
    if (allowed === undefined) {
      this.#say(at, 'is an unknown component');
      return;
    }
    this.#only(at, element, ['tag', 'element_id', 'margin', ...allowed]);
    if (depth > 5) this.#say(at, 'is nested deeper than 5');
    if (element.element_id !== undefined) this.#elementId(at, element.element_id);
    if (element.margin !== undefined) this.#matches(`${at}.margin`, element.margin, BOX);
    if (INTERACTIVE.has(element.tag)) this.#interactive(at, element, inForm);
    this.#component(at, element, depth, inForm);
  }

  #component(at: string, element: Json, depth: number, inForm: boolean): void {
    switch (element.tag) {
      case 'div':
        this.#text(`${at}.text`, element.text, ['plain_text', 'lark_md'], true);
        break;
      case 'markdown':
        if (typeof element.content !== 'string') this.#say(at, 'has no content');
        this.#size(at, element.text_size);
        break;
      case 'column_set':
        this.#columnSet(at, element, depth, inForm);
        break;
      case 'column':
        this.#say(at, 'stands outside a column_set');
        break;
      case 'form':
        this.#form(at, element, depth);
        break;
      case 'button':
        this.#button(at, element, inForm);
        break;
      case 'input':
        this.#input(at, element);
        break;
      case 'select_static':
        this.#select(at, element);
        break;
      case 'select_person':
        this.#persons(at, element);
        break;
      case 'date_picker':
        if (element.initial_date !== undefined) this.#matches(at, element.initial_date, /^\d{4}-\d{2}-\d{2}$/);
    }
  }

  #columnSet(at: string, set: Json, depth: number, inForm: boolean): void {
    if (set.flex_mode !== undefined) this.#matches(at, set.flex_mode, /^(none|stretch|flow|bisect|trisect)$/);
    if (set.horizontal_spacing !== undefined) this.#matches(at, set.horizontal_spacing, SPACING);
    if (set.background_style !== undefined) this.#matches(at, set.background_style, COLORS);
    if (!Array.isArray(set.columns) || set.columns.length === 0) {
      this.#say(at, 'has no columns');
      return;
    }
    for (const [i, column] of set.columns.entries()) {
      const where = `${at}[${i}]`;
      if (!isJson(column) || column.tag !== 'column') {
        this.#say(where, 'is no column');
        continue;
      }
      this.#only(where, column, ['tag', 'element_id', 'margin', ...(PROPERTIES.column ?? [])]);
      this.#layout(where, column);
      if (column.width !== undefined) this.#matches(where, column.width, /^(auto|weighted|[0-9]{2,3}px)$/);
      if (column.weight !== undefined && !inRange(column.weight, 1, 5)) this.#say(where, 'weight must be 1 to 5');
      if (column.background_style !== undefined) this.#matches(where, column.background_style, COLORS);
      for (const [j, element] of elementsOf(column).entries()) {
        this.#element(`${where}[${j}]`, element, depth + 2, inForm);
      }
    }
  }

  #form(at: string, form: Json, depth: number): void {
    if (depth !== 1) this.#say(at, 'may stand only at the root of the card');
    this.#layout(at, form);
    this.#name(at, form.name);
    const elements = elementsOf(form);
    for (const [i, element] of elements.entries()) this.#element(`${at}[${i}]`, element, depth + 1, true);
    const submits = allOf(elements).filter((e) => e.tag === 'button' && e.form_action_type === 'submit');
    if (submits.length === 0) this.#say(at, 'has no submitting button');
  }

  #interactive(at: string, element: Json, inForm: boolean): void {
    if (inForm) this.#name(at, element.name);
    else if (element.required !== undefined) this.#say(at, 'is required outside a form');
    if (element.placeholder !== undefined) {
      this.#text(`${at}.placeholder`, element.placeholder, ['plain_text']);
      if (contentOf(element.placeholder).length > 100) this.#say(at, 'has a placeholder of more than 100 characters');
    }
    if (element.width !== undefined) this.#matches(at, element.width, /^(default|fill|[1-9][0-9]{2,}px)$/);
    if (element.confirm !== undefined) this.#confirm(at, element.confirm);
    if (element.behaviors !== undefined) this.#behaviors(at, element.behaviors);
  }

  #button(at: string, button: Json, inForm: boolean): void {
    this.#text(`${at}.text`, button.text, ['plain_text']);
    if (contentOf(button.text).length > 100) this.#say(at, 'has a text of more than 100 characters');
    if (button.type !== undefined) this.#matches(at, button.type, BUTTONS);
    if (button.size !== undefined) this.#matches(at, button.size, /^(tiny|small|medium|large)$/);
    if (!Array.isArray(button.behaviors) || button.behaviors.length === 0) this.#say(at, 'has no behaviors');
    if (!inForm) {
      if (button.form_action_type !== undefined) this.#say(at, 'has a form_action_type outside a form');
      return;
    }
    this.#matches(`${at}.form_action_type`, button.form_action_type, /^(submit|reset)$/);
    if (button.form_action_type === 'submit' && callbackValue(button) === undefined) {
      this.#say(at, 'submits without a value: the client shows 200340');
    }
  }

  #behaviors(at: string, behaviors: unknown): void {
    if (!Array.isArray(behaviors)) {
      this.#say(at, 'has unclear behaviors');
      return;
    }
    for (const behavior of behaviors) {
      if (!isJson(behavior)) this.#say(at, 'has an unclear behavior');
      else if (behavior.type === 'callback') {
        this.#only(at, behavior, ['type', 'value']);
        if (!isJson(behavior.value)) this.#say(at, 'calls back without an object as its value');
      } else if (behavior.type === 'open_url') {
        this.#only(at, behavior, ['type', 'default_url', 'android_url', 'ios_url', 'pc_url']);
        this.#matches(at, behavior.default_url, /^https?:\/\//);
      } else this.#say(at, 'has an unknown behavior');
    }
  }

  #confirm(at: string, confirm: unknown): void {
    if (!isJson(confirm)) {
      this.#say(at, 'has an unclear confirm');
      return;
    }
    this.#only(`${at}.confirm`, confirm, ['title', 'text']);
    this.#text(`${at}.confirm.title`, confirm.title, ['plain_text']);
    this.#text(`${at}.confirm.text`, confirm.text, ['plain_text']);
  }

  #input(at: string, input: Json): void {
    const most = input.max_length ?? 1000;
    if (!inRange(most, 1, 1000)) this.#say(at, 'max_length must be 1 to 1000');
    if (input.input_type !== undefined) this.#matches(at, input.input_type, /^(text|multiline_text|password)$/);
    const value = input.default_value;
    if (value !== undefined && typeof value !== 'string') this.#say(at, 'default_value must be a string');
    if (typeof value === 'string' && [...value].length > Number(most)) this.#say(at, 'is longer than its max_length');
    if (input.label !== undefined) this.#text(`${at}.label`, input.label, ['plain_text']);
  }

  #select(at: string, select: Json): void {
    const options = Array.isArray(select.options) ? select.options.filter(isJson) : [];
    const values = options.map((option) => option.value);
    for (const option of options) {
      this.#only(`${at}.option`, option, ['text', 'icon', 'value']);
      this.#text(`${at}.option`, option.text, ['plain_text']);
      if (typeof option.value !== 'string') this.#say(at, 'has an option whose value is no string');
    }
    if (new Set(values).size !== values.length) this.#say(at, 'has two options with one value');
    if (select.initial_index !== undefined && !inRange(select.initial_index, 0, options.length)) {
      this.#say(at, 'initial_index points outside its options');
    }
  }

  #persons(at: string, select: Json): void {
    const values = Array.isArray(select.options) ? select.options.filter(isJson).map((option) => option.value) : [];
    for (const value of values) this.#matches(at, value, /^ou_/);
    if (select.initial_option !== undefined && !values.includes(select.initial_option)) {
      this.#say(at, 'initial_option is not among its options');
    }
  }

  #text(where: string, text: unknown, tags: string[], styled = false): void {
    if (!isJson(text) || !tags.includes(String(text.tag))) {
      this.#say(where, `must be ${tags.join(' or ')}`);
      return;
    }
    this.#only(where, text, ['tag', 'content', ...(styled ? ['text_size', 'text_color', 'text_align', 'lines'] : [])]);
    if (typeof text.content !== 'string' || text.content === '') this.#say(where, 'has no content');
    this.#size(where, text.text_size);
    if (text.text_color !== undefined) this.#matches(where, text.text_color, COLORS);
  }

  #size(where: string, size: unknown): void {
    if (size !== undefined && !this.#sizes.has(String(size))) this.#matches(where, size, TEXT_SIZES);
  }

  #layout(where: string, json: Json): void {
    if (json.direction !== undefined) this.#matches(where, json.direction, /^(vertical|horizontal)$/);
    for (const key of ['horizontal_spacing', 'vertical_spacing']) {
      if (json[key] !== undefined) this.#matches(`${where}.${key}`, json[key], SPACING);
    }
    if (json.padding !== undefined) this.#matches(`${where}.padding`, json.padding, BOX);
    if (json.vertical_align !== undefined) this.#matches(where, json.vertical_align, /^(top|center|bottom)$/);
    if (json.horizontal_align !== undefined) this.#matches(where, json.horizontal_align, /^(left|center|right)$/);
  }

  #name(where: string, name: unknown): void {
    if (typeof name !== 'string' || name === '') {
      this.#say(where, 'has no name');
      return;
    }
    if (this.#names.has(name)) this.#say(where, `has a name that is taken: ${name}`);
    this.#names.add(name);
  }

  #elementId(where: string, id: unknown): void {
    this.#matches(`${where}.element_id`, id, /^[A-Za-z][A-Za-z0-9_]{0,19}$/);
    if (this.#ids.has(String(id))) this.#say(where, `has an element_id that is taken: ${id}`);
    this.#ids.add(String(id));
  }

  #matches(where: string, value: unknown, pattern: RegExp): void {
    if (typeof value !== 'string' || !pattern.test(value)) this.#say(where, `cannot be ${JSON.stringify(value)}`);
  }
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const inRange = (value: unknown, from: number, to: number): boolean =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;
export const contentOf = (text: unknown): string =>
  isJson(text) && typeof text.content === 'string' ? text.content : '';

const elementsOf = (container: Json): unknown[] => (Array.isArray(container.elements) ? container.elements : []);

/** Every component below these, themselves included, in the order in which they are read. */
export function allOf(elements: unknown): Json[] {
  if (!Array.isArray(elements)) return [];
  return elements.filter(isJson).flatMap((element) => [element, ...allOf(element.columns), ...allOf(element.elements)]);
}

export function callbackValue(element: Json): Json | undefined {
  const behaviors = Array.isArray(element.behaviors) ? element.behaviors.filter(isJson) : [];
  const value = behaviors.find((behavior) => behavior.type === 'callback')?.value;
  return isJson(value) ? value : undefined;
}

function countTags(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countTags(item), 0);
  if (!isJson(value)) return 0;
  const own = typeof value.tag === 'string' ? 1 : 0;
  return Object.values(value).reduce<number>((sum, item) => sum + countTags(item), own);
}

/** Whom the card calls: in `markdown` and `lark_md` an `<at …>` is alive, in `plain_text` it is letters. */
export function liveMentions(card: unknown): string[] {
  const found: string[] = [];
  const look = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) look(item);
    if (!isJson(value)) return;
    if ((value.tag === 'markdown' || value.tag === 'lark_md') && typeof value.content === 'string') {
      found.push(
        ...(value.content.match(/<at\s[^>]*>|<person\s[^>]*>|\[[^\]]*\]\([^)]*\)|<a\s[^>]*>|<link\s[^>]*>/g) ?? []),
      );
    }
    for (const item of Object.values(value)) look(item);
  };
  look(card);
  return found;
}
