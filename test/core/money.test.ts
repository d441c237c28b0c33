/** Money: what people write, what it is worth, what is refused and why, and that nothing is ever lost on the way. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  capitals,
  compare,
  convert,
  fromJson,
  LARGEST_MAIN_UNITS,
  type Money,
  MoneyJson,
  Rate,
  readMoney,
  readMoneyPrefix,
  showMoney,
  subtract,
  toJson,
} from '../../src/core/money.ts';
import { currencyCodes, minorDigits } from '../../src/core/money-currencies.ts';
import { moneyWords } from '../../src/words/money.ts';

const cny = (minor: bigint | number): Money => ({ minor: BigInt(minor), currency: 'CNY' });
const limitOf = (currency: string): bigint => LARGEST_MAIN_UNITS * 10n ** BigInt(minorDigits(currency));
const anyYuan = fc.bigInt({ min: 1n, max: limitOf('CNY') }).map((minor) => cny(minor));
const anyMoney = fc
  .constantFrom(...currencyCodes)
  .chain((currency) => fc.bigInt({ min: 1n, max: limitOf(currency) }).map((minor): Money => ({ minor, currency })));

function shown(text: string, base = 'CNY'): string {
  const read = readMoney(text, base);
  return 'ok' in read ? showMoney(read.ok) : read.fault.code;
}
const fault = (text: string, base = 'CNY') => {
  const read = readMoney(text, base);
  return 'fault' in read ? read.fault : undefined;
};

describe('an amount as people write it', () => {
  it.each([
    ['3.2万', '¥32,000.00'],
    ['3.2w', '¥32,000.00'],
    ['3.2W', '¥32,000.00'],
    ['3.2 万元', '¥32,000.00'],
    ['32000', '¥32,000.00'],
    ['32,000', '¥32,000.00'],
    ['￥32,000.00', '¥32,000.00'],
    ['¥32000', '¥32,000.00'],
    ['32000元', '¥32,000.00'],
    ['32k', '¥32,000.00'],
    ['１２３', '¥123.00'],
    ['３，２００．５', '¥3,200.50'],
    ['1.2亿', '¥120,000,000.00'],
    ['5千', '¥5,000.00'],
    ['1.5千万', '¥15,000,000.00'],
    ['3万2千', '¥32,000.00'],
    ['3万2', '¥32,000.00'],
    ['1亿2000万', '¥120,000,000.00'],
    ['12.345万', '¥123,450.00'],
    ['3.23456万', '¥32,345.60'],
    ['三万二', '¥32,000.00'],
    ['两千五', '¥2,500.00'],
    ['一百零五', '¥105.00'],
    ['十五', '¥15.00'],
    ['三万二千元五角', '¥32,000.50'],
    ['三块五', '¥3.50'],
    ['叁万贰仟元整', '¥32,000.00'],
    ['人民币壹拾万零伍元叁角贰分', '¥100,005.32'],
    ['人民币壹佰圆正', '¥100.00'],
    ['RMB 300', '¥300.00'],
    ['3000元人民币', '¥3,000.00'],
    ['0.01', '¥0.01'],
    ['壹万亿元整', '¥1,000,000,000,000.00'],
  ])('%s is %s', (text, money) => {
    expect(shown(text)).toBe(money);
  });

  it.each([
    ['USD 3000', 'US$3,000.00'],
    ['3000 USD', 'US$3,000.00'],
    ['3000usd', 'US$3,000.00'],
    ['US$3,000', 'US$3,000.00'],
    ['$3000 USD', 'US$3,000.00'],
    ['HK$200', 'HK$200.00'],
    ['港币3000元', 'HK$3,000.00'],
    ['3000日元', 'JP¥3,000'],
    ['JPY 3,000', 'JP¥3,000'],
    ['JPY ¥3000', 'JP¥3,000'],
    ['€5.5', '€5.50'],
    ['£5', '£5.00'],
    ['KWD 1.234', 'KWD 1.234'],
    ['3.2万港币', 'HK$32,000.00'],
    ['CHF 12.50', 'CHF 12.50'],
  ])('%s names its currency: %s', (text, money) => {
    expect(shown(text)).toBe(money);
  });

  it('in a company that counts in dollars a bare $ is its own; a bare ¥ is asked back in a yen company', () => {
    expect(shown('$3,000', 'USD')).toBe('US$3,000.00');
    expect(shown('$3,000', 'HKD')).toBe('HK$3,000.00');
    expect(shown('3000元', 'HKD')).toBe('HK$3,000.00');
    expect(shown('¥3000', 'JPY')).toBe('ambiguous-currency');
    expect(shown('3000', 'JPY')).toBe('JP¥3,000');
  });
});

describe('an amount that is refused says why', () => {
  it.each([
    ['-5', 'negative'],
    ['−5', 'negative'],
    ['－５', 'negative'],
    ['¥-5', 'negative'],
    ['(300)', 'negative'],
    ['负三百', 'negative'],
    ['0', 'zero'],
    ['0.00', 'zero'],
    ['零元', 'zero'],
    ['', 'empty'],
    ['  \u3000', 'empty'],
    ['1.005元', 'grouping'],
    ['12.005.1', 'not-an-amount'],
    ['0.001', 'too-many-decimals'],
    ['1234.567', 'too-many-decimals'],
    ['3.2345678万', 'too-many-decimals'],
    ['JPY 300.5', 'too-many-decimals'],
    ['KWD 1.2345', 'too-many-decimals'],
    ['1000000000000.01', 'too-large'],
    ['2万亿', 'too-large'],
    ['9007199254740993', 'too-large'],
    ['9'.repeat(150), 'too-large'],
    ['9'.repeat(100_000), 'not-an-amount'],
    ['1.000', 'ambiguous'],
    ['1.000,00', 'ambiguous'],
    ['1,00', 'ambiguous'],
    ['1,5', 'ambiguous'],
    ['3,2万', 'ambiguous'],
    ['3万200', 'ambiguous'],
    ['三万二元', 'ambiguous'],
    ['叁万贰', 'ambiguous'],
    ['1,00,000', 'grouping'],
    ['12,34,567', 'grouping'],
    ['1.234.567,89', 'grouping'],
    ['32 000', 'grouping'],
    ["1'000", 'grouping'],
    ['$3000', 'ambiguous-currency'],
    ['USD 3000元', 'conflicting-currencies'],
    ['€5 USD', 'conflicting-currencies'],
    ['3000 BTC', 'unknown-currency'],
    ['BTC 3', 'unknown-currency'],
    ['1e21', 'not-an-amount'],
    ['NaN', 'not-an-amount'],
    ['Infinity', 'not-an-amount'],
    ['0x10', 'not-an-amount'],
    ['3²', 'not-an-amount'],
    ['½', 'not-an-amount'],
    ['٣٠٠', 'not-an-amount'],
    ['3\u200b00', 'not-an-amount'],
    ['3000-5000', 'not-an-amount'],
    ['3.5元5角', 'not-an-amount'],
    ['二〇二六', 'not-an-amount'],
    ['007', 'not-an-amount'],
    ['3ww', 'not-an-amount'],
    ['3万元三万', 'not-an-amount'],
    ['万', 'not-an-amount'],
    ['¥', 'not-an-amount'],
    ['1m', 'not-an-amount'],
  ])('%s: %s', (text, code) => {
    expect(shown(text)).toBe(code);
  });

  it('an ambiguous amount comes back with both readings, a wrongly grouped one with the likely one', () => {
    expect(fault('1.000,00')).toEqual({ code: 'ambiguous', readings: ['¥1,000.00', '¥1.00'] });
    expect(fault('1,00')).toEqual({ code: 'ambiguous', readings: ['¥1.00', '¥100.00'] });
    expect(fault('三万二元')).toEqual({ code: 'ambiguous', readings: ['¥30,002.00', '¥32,000.00'] });
    expect(fault('1,00,000')).toEqual({ code: 'grouping', readings: ['¥100,000.00'] });
    expect(fault('JPY 300.5')).toEqual({ code: 'too-many-decimals', currency: 'JPY', digits: 0 });
    expect(fault('1000000000001')).toEqual({ code: 'too-large', limit: '¥1,000,000,000,000.00' });
  });

  it('case 26: huge and odd amounts are read exactly or refused, never rounded, never guessed', () => {
    expect(shown('1e21')).toBe('not-an-amount');
    expect(shown('1.000,00')).toBe('ambiguous');
    expect(shown('１２３')).toBe('¥123.00');
    expect(shown('JPY 100.5')).toBe('too-many-decimals');
    expect(shown('-80k')).toBe('negative');
    expect(shown('80k')).toBe('¥80,000.00');
    expect(shown('9007199254740993')).toBe('too-large');
    // beyond what a float could hold exactly in minor units of a four-digit currency
    expect(readMoney('CLF 900719925474.0993', 'CNY')).toEqual({ ok: { minor: 9007199254740993n, currency: 'CLF' } });
  });

  it('every refusal is a sentence in both languages that names what was written', () => {
    for (const text of ['', '-1', '0', 'x', '0.001', '2万亿', '1,00', '32 000', '$1', '€5 USD', 'BTC 3']) {
      const refused = fault(text);
      if (!refused) throw new Error(`${text} was read`);
      expect(moneyWords('zh').fault(refused)).toMatch(/\p{Script=Han}.*[。]$/u);
      expect(moneyWords('en').fault(refused)).toMatch(/^[^\p{Script=Han}]*.*\.$/u);
    }
    expect(moneyWords('zh').fault({ code: 'ambiguous', readings: ['¥1.00', '¥100.00'] })).toContain('¥1.00 或 ¥100.00');
    expect(moneyWords('en').fault({ code: 'too-many-decimals', currency: 'JPY', digits: 0 })).toContain('JPY');
  });
});

describe('the quick command', () => {
  const split = (text: string): string => {
    const read = readMoneyPrefix(text, 'CNY');
    return 'money' in read ? `${showMoney(read.money)}|${read.rest}` : read.fault.code;
  };

  it.each([
    ['3.2万 春季促销物料', '¥32,000.00|春季促销物料'],
    ['3.2万，春季促销物料', '¥32,000.00|春季促销物料'],
    ['叁万贰仟元整 物料', '¥32,000.00|物料'],
    ['叁万贰仟元整物料', '¥32,000.00|物料'],
    ['￥32,000.00物料', '¥32,000.00|物料'],
    ['3.2万元春季促销', '¥32,000.00|春季促销'],
    ['3000元整合营销', '¥3,000.00|整合营销'],
    ['3000 USD 展台', 'US$3,000.00|展台'],
    ['USD 3,000 展台', 'US$3,000.00|展台'],
    ['3000美元展台', 'US$3,000.00|展台'],
    ['3000 usd 视频', 'US$3,000.00|视频'],
    ['3000 KOL 投放', '¥3,000.00|KOL 投放'],
    ['3000 元旦活动', '¥3,000.00|元旦活动'],
    ['3000 人民币升值论坛', '¥3,000.00|人民币升值论坛'],
    ['3000 X展架', '¥3,000.00|X展架'],
    ['3000 pen holders', '¥3,000.00|pen holders'],
    ['3000 2026春季', '¥3,000.00|2026春季'],
    ['500 618大促', '¥500.00|618大促'],
    ['3000 - 展台', '¥3,000.00|展台'],
    ['１，０００　展台', '¥1,000.00|展台'],
    ['3000（含税） 展台', '¥3,000.00|（含税） 展台'],
    ['3.2万', '¥32,000.00|'],
  ])('%s → %s', (text, parts) => {
    expect(split(text)).toBe(parts);
  });

  it.each([
    ['3万科项目', 'needs-space'],
    ['5千人大会', 'needs-space'],
    ['3000元旦活动', 'needs-space'],
    ['3000元宇宙展台', 'needs-space'],
    ['3000元五分钟快闪', 'needs-space'],
    ['3000欧元区调研', 'needs-space'],
    ['3.2 万科', 'ambiguous'],
    ['3 000 展台', 'ambiguous'],
    ['3000 PEN holders', 'ambiguous'],
    ['TOP 10 榜单', 'ambiguous'],
    ['TOP10榜单', 'ambiguous'],
    ['3000 美元展台', 'ambiguous'],
    ['3000-5000 展台', 'ambiguous'],
    ['3千到5千 展台', 'ambiguous'],
    ['3000*2 海报', 'not-an-amount'],
    ['3000 x 2 海报', 'not-an-amount'],
    ['30% 折扣', 'not-an-amount'],
    ['2026-11-22 展台', 'not-an-amount'],
    ['三亚酒店 3000', 'not-an-amount'],
    ['32kg 米', 'not-an-amount'],
    ['春季 3000', 'not-an-amount'],
    ['$3000 展台', 'ambiguous-currency'],
    ['-300 退款', 'negative'],
    ['0 展台', 'zero'],
    ['', 'empty'],
  ])('%s is not carried out: %s', (text, code) => {
    expect(split(text)).toBe(code);
  });

  it('a refused amount is handed back as it was typed, for the form', () => {
    expect(readMoneyPrefix('1.000 展台', 'CNY')).toEqual({
      fault: { code: 'ambiguous', readings: ['¥1,000.00', '¥1.00'] },
      token: '1.000',
    });
  });

  it('what is shown and a purpose are taken apart again, whatever the currency', () => {
    fc.assert(
      fc.property(anyMoney, (money) => {
        const read = readMoneyPrefix(`${showMoney(money)} 展台 2026`, 'CNY');
        if ('money' in read) expect(read).toEqual({ money, rest: '展台 2026' });
        else expect(read.fault.code).toBe('ambiguous');
      }),
    );
  });
});

describe('no digit is lost', () => {
  it('what is shown reads back as the same amount', () => {
    fc.assert(
      fc.property(anyMoney, (money) => {
        expect(readMoney(showMoney(money), 'CNY')).toEqual({ ok: money });
      }),
    );
  });

  it('in a company of any other currency it reads back the same, or is asked back, but is never another amount', () => {
    fc.assert(
      fc.property(anyMoney, fc.constantFrom(...currencyCodes), (money, base) => {
        const read = readMoney(showMoney(money), base);
        if ('ok' in read) expect(read.ok).toEqual(money);
        else expect(read.fault.code).toBe('ambiguous-currency');
      }),
    );
  });

  it('capitals read back as the same amount', () => {
    fc.assert(
      fc.property(anyYuan, (money) => {
        expect(readMoney(capitals(money) ?? '', 'CNY')).toEqual({ ok: money });
      }),
      { numRuns: 1000 },
    );
  });

  it('capitals with many noughts read back as the same amount', () => {
    const sparse = fc
      .array(fc.constantFrom<bigint[]>(0n, 0n, 0n, 1n, 5n), { minLength: 1, maxLength: 14 })
      .map((digits) => digits.reduce((sum, digit) => sum * 10n + digit, 0n))
      .filter((minor) => minor > 0n);
    fc.assert(
      fc.property(sparse, (minor) => {
        expect(readMoney(capitals(cny(minor)) ?? '', 'CNY')).toEqual({ ok: cny(minor) });
      }),
      { numRuns: 1000 },
    );
  });

  it('JSON carries it as text and back', () => {
    fc.assert(
      fc.property(anyMoney, fc.boolean(), (money, owed) => {
        const amount = owed ? { ...money, minor: -money.minor } : money;
        expect(fromJson(JSON.parse(JSON.stringify(toJson(amount))))).toEqual(amount);
      }),
    );
    for (const minor of ['1.5', '1e3', '', ' 1', '-0', '01', 'NaN']) {
      expect(MoneyJson.safeParse({ minor, currency: 'CNY' }).success).toBe(false);
    }
    expect(MoneyJson.safeParse({ minor: '1', currency: 'XAU' }).success).toBe(false);
  });

  it('no text whatever is read as nothing, as less than nothing or as a fraction of a minor unit', () => {
    const pieces = fc.constantFrom(
      ...'0123456789.,万千百亿元角分整零三叁w-k ¥$'.split(''),
      'USD',
      'JPY',
      '人民币',
      '  ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(pieces, { maxLength: 14 }).map((p) => p.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('CNY', 'USD', 'JPY', 'KWD'), (written, base) => {
        const read = readMoney(written, base);
        if (!('ok' in read)) return;
        expect(typeof read.ok.minor).toBe('bigint');
        expect(read.ok.minor > 0n).toBe(true);
        expect(read.ok.minor <= limitOf(read.ok.currency)).toBe(true);
        expect(readMoney(showMoney(read.ok), 'CNY')).toEqual({ ok: read.ok });
      }),
      { numRuns: 3000 },
    );
  });
});

describe('how an amount is shown', () => {
  it('the yuan is ¥ and the yen JP¥, so that neither is taken for the other', () => {
    expect(showMoney(cny(3_200_000))).toBe('¥32,000.00');
    expect(showMoney({ minor: 3000n, currency: 'JPY' })).toBe('JP¥3,000');
    expect(showMoney({ minor: 5n, currency: 'KWD' })).toBe('KWD 0.005');
    expect(showMoney(cny(-5))).toBe('-¥0.05');
    expect(showMoney(cny(0))).toBe('¥0.00');
  });

  it.each([
    [3_200_000, '人民币叁万贰仟元整'],
    [10_000_532, '人民币壹拾万零伍元叁角贰分'],
    [140_950, '人民币壹仟肆佰零玖元伍角'],
    [600_714, '人民币陆仟零柒元壹角肆分'],
    [1_640_902, '人民币壹万陆仟肆佰零玖元零贰分'],
    [32_504, '人民币叁佰贰拾伍元零肆分'],
    [5, '人民币伍分'],
    [50, '人民币伍角'],
    [1_200, '人民币壹拾贰元整'],
    [10_000_000_100, '人民币壹亿零壹元整'],
    [0, '人民币零元整'],
  ])('%d fen in capitals: %s', (minor, text) => {
    expect(capitals(cny(minor))).toBe(text);
  });

  it('only the renminbi has capitals', () => {
    expect(capitals({ minor: 100n, currency: 'USD' })).toBeUndefined();
    expect(capitals(cny(-1))).toBeUndefined();
  });
});

describe('reckoning', () => {
  it('adding is the same in any order and is undone by subtracting', () => {
    fc.assert(
      fc.property(fc.array(anyYuan, { minLength: 1 }), anyYuan, (amounts, other) => {
        const sum = amounts.reduce(add, cny(0));
        expect(amounts.toReversed().reduce(add, cny(0))).toEqual(sum);
        expect(subtract(add(sum, other), other)).toEqual(sum);
        expect(compare(add(sum, other), sum)).toBe(1);
        expect(compare(sum, sum)).toBe(0);
      }),
    );
  });

  it('amounts in two currencies are never added or compared', () => {
    const dollars: Money = { minor: 1n, currency: 'USD' };
    for (const reckon of [add, subtract, compare]) expect(() => reckon(cny(1), dollars)).toThrow(RangeError);
  });

  it('a converted amount is rounded up, so that a rate cannot bring it below a limit', () => {
    expect(convert({ minor: 300_000n, currency: 'USD' }, '7.1234', 'CNY')).toEqual(cny(2_137_020));
    expect(convert({ minor: 1n, currency: 'USD' }, '7.1234', 'CNY')).toEqual(cny(8));
    expect(convert({ minor: 1n, currency: 'JPY' }, '0.0471', 'CNY')).toEqual(cny(5));
    expect(convert({ minor: 1n, currency: 'KWD' }, '23.5', 'CNY')).toEqual(cny(3));
    expect(convert(cny(-1), '0.5', 'USD')).toEqual({ minor: -1n, currency: 'USD' });
  });

  it('a conversion is less than one minor unit above the exact value, never below it', () => {
    const rates = fc.tuple(fc.nat(9999), fc.nat(9999)).filter(([a, b]) => a + b > 0);
    fc.assert(
      fc.property(anyMoney, rates, fc.constantFrom(...currencyCodes), (money, [whole, part], to) => {
        const { minor } = convert(money, `${whole}.${String(part).padStart(4, '0')}`, to);
        const exact = money.minor * BigInt(whole * 10_000 + part) * 10n ** BigInt(minorDigits(to));
        const divisor = 10n ** BigInt(4 + minorDigits(money.currency));
        expect(minor * divisor >= exact && (minor - 1n) * divisor < exact).toBe(true);
      }),
    );
  });

  it.each(['0', '0.000', '-1', '1e3', '', '1,5', '7.', '.5', 'NaN', '01'])('%s is no rate', (rate) => {
    expect(Rate.safeParse(rate).success).toBe(false);
    expect(() => convert(cny(1), rate, 'USD')).toThrow();
  });
});

describe('the currencies of the world', () => {
  it('have the minor digits of ISO 4217, not those of a cash habit', () => {
    const digits = (code: string): number => minorDigits(code);
    expect(['CNY', 'JPY', 'KWD', 'CLF', 'KRW', 'IQD', 'HUF', 'TWD', 'IDR'].map(digits)).toEqual([
      2, 0, 3, 4, 0, 3, 2, 2, 2,
    ]);
    expect(() => minorDigits('XYZ')).toThrow(RangeError);
  });

  it('are all known to this Node by name, and where Intl counts in digits of its own, ISO counts more', () => {
    const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });
    const newer = new Set(['XAD', 'XCG', 'ZWG']);
    for (const code of currencyCodes) {
      if (!newer.has(code)) expect(names.of(code), code).toBeDefined();
      const intl = new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions();
      expect(minorDigits(code), code).toBeGreaterThanOrEqual(intl.maximumFractionDigits ?? 0);
    }
    expect(currencyCodes.length).toBe(new Set(currencyCodes).size);
  });
});
