/** When a fact happened, as frightened people write it: read where it can be read, asked for where it cannot, never taken for now. */
import { describe, expect, test } from 'vitest';
import { readWhen, readWhenField } from '../../src/crisis/when.ts';

const AT = new Date('2026-11-22T17:30:00+08:00');
const ZONE = 'Asia/Shanghai';
const local = (at: string) => new Date(at).toLocaleString('sv-SE', { timeZone: ZONE }).slice(5, 16);
const read = (text: string) => {
  const when = readWhen(text, AT, ZONE);
  if (when === undefined) return undefined;
  return 'fault' in when ? when.fault : `${local(when.at)}|${when.rest}`;
};

describe('a time before a fact', () => {
  test.for<[string, string | undefined]>([
    ['下午三点 客服确认', '11-22 15:00|客服确认'],
    ['下午三点客服确认', '11-22 15:00|客服确认'],
    ['上午9点半 客服确认', '11-22 09:30|客服确认'],
    ['上午十点二十分客服确认', '11-22 10:20|客服确认'],
    ['昨晚十一点半 第一起', '11-21 23:30|第一起'],
    ['凌晨两点零五分 报警', '11-22 02:05|报警'],
    ['下午三点一刻，停播', '11-22 15:15|停播'],
    ['三点 客服确认', '11-22 03:00|客服确认'],
    ['15时20分 停播', '11-22 15:20|停播'],
    ['3pm the first', '11-22 15:00|the first'],
    ['3:05 PM the first', '11-22 15:05|the first'],
    ['12am the first', '11-22 00:00|the first'],
    ['12 p.m. the first', '11-22 12:00|the first'],
    ['9.30 客服确认', '11-22 09:30|客服确认'],
    ['9.30pm the first', 'future'],
    ['at 10:05 the first', '11-22 10:05|the first'],
    ['yesterday at 3pm the first', '11-21 15:00|the first'],
    ['10:05:30 停播', '11-22 10:05|停播'],
    ['2026-11-22T10:05 停播', '11-22 10:05|停播'],
    ['10:05左右 停播', '11-22 10:05|10:05左右 停播'],
    ['tomorrow 9:00 the launch', 'future'],
    ['tomorrow the launch', 'future'],
    ['明天 开发布会', 'future'],
    ['明早9点开发布会', 'future'],
    ['明天下午三点开发布会', 'future'],
    ['明天的发布会已取消', undefined],
    ['25:99 客服确认', 'unclear'],
    ['上午25点 客服确认', 'unclear'],
    ['下午三十点 客服确认', 'unclear'],
    ['13pm the first', 'unclear'],
    ['3点10人受伤', 'unclear'],
    ['昨天 有人受伤', 'unclear'],
    ['11月20日 有人受伤', 'unclear'],
    ['10:05 yesterday the first', 'unclear'],
    ['10:05 UTC the first', 'unclear'],
    ['3 起投诉', undefined],
    ['3点建议', undefined],
    ['一点消息都没有', undefined],
    ['12.50元退款未到', undefined],
    ['12.50 元退款未到', undefined],
    ['3.5万人看到', undefined],
    ['at 3 stores', undefined],
    ['5 pmo staff left', undefined],
    ['120 人受影响', undefined],
    ['今天门店停业', undefined],
  ])('%s', ([text, wanted]) => {
    expect(read(text)).toBe(wanted);
  });

  test('a field holds nothing else', () => {
    const field = (text: string) => readWhenField(text, AT, ZONE);
    expect(field('下午三点')).toEqual({ at: '2026-11-22T07:00:00.000Z' });
    expect(field('明天 9:00')).toEqual({ fault: 'future' });
    for (const text of ['25:99', '昨天', '10:05 停播', '不知道']) expect(field(text)).toEqual({ fault: 'when' });
  });
});
