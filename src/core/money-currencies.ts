/**
 * The currencies of the world and how people write them: ISO 4217 codes with their minor digits, signs and Chinese
 * names. The digits are ISO's own and not `Intl`'s, which follows CLDR's habits of cash (IQD 0 where ISO says 3).
 * List one of the ISO 4217 maintenance agency, 2026-01-01, without the codes that have no minor unit (gold, XDR, tests):
 * https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
const TWO_DIGITS = `
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU
CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP
TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`;
const OTHER_DIGITS: [digits: number, codes: string][] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const DIGITS: ReadonlyMap<string, number> = new Map(
  [[2, TWO_DIGITS] as [number, string], ...OTHER_DIGITS].flatMap(([digits, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code): [string, number] => [code, digits]),
  ),
);

export const currencyCodes: readonly string[] = [...DIGITS.keys()].sort();

export const isCurrency = (code: string): boolean => DIGITS.has(code);

/** How many digits stand after the point: 2 for CNY, 0 for JPY, 3 for KWD. @throws RangeError for no ISO currency */
export function minorDigits(currency: string): number {
  const digits = DIGITS.get(currency);
  if (digits === undefined) throw new RangeError(`no ISO 4217 currency: ${currency}`);
  return digits;
}

/** The sign it is shown with. `¥` is the yuan's alone; whatever has no sign of its own shows its code and a space. */
const SHOWN: Record<string, string> = {
  CNY: '¥',
  JPY: 'JP¥',
  USD: 'US$',
  HKD: 'HK$',
  TWD: 'NT$',
  SGD: 'S$',
  AUD: 'A$',
  CAD: 'C$',
  NZD: 'NZ$',
  EUR: '€',
  GBP: '£',
  KRW: '₩',
  INR: '₹',
  THB: '฿',
  VND: '₫',
};

export const shownSign = (currency: string): string => SHOWN[currency] ?? `${currency} `;

/** What a written sign or word may mean. More than one: it depends on the company's own currency, or is asked back. */
export interface Sign {
  currencies: readonly string[];
  /** a Chinese name: may be followed by a plain 元, which then adds nothing (`港币3000元`) */
  named?: true;
}

const DOLLARS = ['USD', 'HKD', 'TWD', 'SGD', 'AUD', 'CAD', 'NZD', 'MOP'];
const named = (currency: string, words: string): [string, Sign][] =>
  words.split(' ').map((word) => [word, { currencies: [currency], named: true }]);
const signs = (currency: string, words: string): [string, Sign][] =>
  words.split(' ').map((word) => [word, { currencies: [currency] }]);

/** Longest first, so that `HK$` is not read as `$`. Latin ones are written in capitals here. */
export const SIGNS: readonly [written: string, sign: Sign][] = [
  ...Object.entries(SHOWN)
    .filter(([, sign]) => sign !== '¥')
    .flatMap(([currency, sign]) => signs(currency, sign)),
  ...signs('CNY', 'RMB CN¥ RMB¥'),
  ...signs('USD', 'USD$ U$'),
  ...signs('HKD', 'HKD$'),
  ...signs('TWD', 'TW$ NTD'),
  ...signs('SGD', 'SG$'),
  ...signs('AUD', 'AU$'),
  ...signs('CAD', 'CA$'),
  ...signs('MOP', 'MOP$'),
  ...signs('BRL', 'R$'),
  ...signs('MXN', 'MX$'),
  ...signs('PHP', '₱'),
  ...signs('RUB', '₽'),
  ...signs('TRY', '₺'),
  ...signs('UAH', '₴'),
  ...signs('KZT', '₸'),
  ...signs('ILS', '₪'),
  ...signs('NGN', '₦'),
  ...named('CNY', '人民币 人民幣'),
  ...named('USD', '美元 美金'),
  ...named('HKD', '港元 港币 港幣 港纸'),
  ...named('MOP', '澳门元 澳门币 澳門元 澳門幣'),
  ...named('TWD', '新台币 新臺幣 新台幣 台币 台幣 臺幣'),
  ...named('JPY', '日元 日圆 日圓 日币 日幣'),
  ...named('EUR', '欧元 歐元'),
  ...named('GBP', '英镑 英鎊'),
  ...named('KRW', '韩元 韩币 韓元'),
  ...named('SGD', '新加坡元 新加坡币 坡币'),
  ...named('AUD', '澳元 澳大利亚元'),
  ...named('CAD', '加元 加拿大元'),
  ...named('NZD', '新西兰元 纽元'),
  ...named('CHF', '瑞士法郎 瑞郎'),
  ...named('THB', '泰铢 泰銖'),
  ...named('MYR', '马来西亚林吉特 马币 令吉 林吉特'),
  ...named('RUB', '卢布 俄罗斯卢布'),
  ...named('INR', '印度卢比'),
  ...named('VND', '越南盾'),
  ...named('AED', '阿联酋迪拉姆'),
  ['$', { currencies: DOLLARS }] as [string, Sign],
  ['¥', { currencies: ['CNY', 'JPY'] }] as [string, Sign],
].sort(([a], [b]) => b.length - a.length);

/** 元, 圆, 块 without a name before them: the company's own yuan or dollar, else the renminbi. */
const YUAN_COMPANIES = new Set(['CNY', 'HKD', 'TWD', 'MOP']);
export const plainYuan = (base: string): string => (YUAN_COMPANIES.has(base) ? base : 'CNY');

/** What all marks on one amount allow together; the company's own currency settles an open `$`, but never an open `¥`. */
export function agree(marks: readonly Sign[], base: string): readonly string[] {
  const [first, ...others] = marks;
  if (!first) return [base];
  const common = first.currencies.filter((currency) => others.every((mark) => mark.currencies.includes(currency)));
  // On our cards a bare ¥ is the yuan everywhere: a yen company is asked which it means.
  return common.length > 1 && common.includes(base) && base !== 'JPY' ? [base] : common;
}

/** Codes that are English words: after a space (`300 PEN holders`) they are as likely the purpose's first word. */
export const WORDLIKE_CODES: ReadonlySet<string> = new Set(
  'ALL AMD BAM COP CUP ERN GEL LAK MAD NAD PEN SAR SOS TOP TRY'.split(' '),
);
