/** How the product introduces itself to each platform: its commands, and the people whom a picker may offer. Pure. */
import type { Language } from './core/chat.ts';
import { companyLanguage } from './directory/lookup.ts';
import type { Company } from './directory/model.ts';
import type { PinnedProcess } from './processes/model.ts';
import { introduceWords } from './words/introduce.ts';

export function commandsOf({ processes }: { processes: readonly PinnedProcess[] }, language: Language) {
  const w = introduceWords(language);
  const own = processes.map(({ process }) => ({
    word: process.command,
    aliases: process.aliases,
    title: process.title[language],
    hint: process.quick.map((id) => process.form.find((field) => field.id === id)?.label[language] ?? id).join(' '),
  }));
  const standing = [
    { word: 'pr', aliases: [], title: w.pr, hint: 'help | list | why | away | back | seal | health' },
    { word: 'meeting', aliases: ['会议'], title: w.meeting, hint: 'list | new | move | cancel | calendar' },
    { word: 'minutes', aliases: ['纪要'], title: w.minutes, hint: 'MT-2026-0001' },
    { word: 'decisions', aliases: ['决议'], title: w.decisions, hint: 'mine' },
    { word: 'crisis', aliases: ['危机'], title: w.crisis, hint: w.crisisHint },
    { word: 'fact', aliases: ['事实', '记录'], title: w.fact, hint: w.factHint },
    { word: 'statement', aliases: ['声明'], title: w.statement, hint: 'new | check | ST-2026-0001' },
    { word: 'signal', aliases: ['预警', '信号'], title: w.signal, hint: w.signalHint },
  ];
  const all = [...own, ...standing];
  return {
    slack: all.map(({ word, title, hint }) => ({ command: `/${word}`, description: title, hint })),
    feishu: all.map(({ word, aliases, title }) => ({ command: word, aliases, description: title })),
    desk: all.map(({ word, title, hint }) => ({ command: `/${word}`, hint, title })),
  };
}

export function companyPage({ company }: { company: Company }) {
  const people = company.people
    .filter((person) => person.active)
    .map(({ id, name, title, language }) => ({ id, name, title, language: language ?? companyLanguage(company) }));
  return { name: company.name, people, channels: Object.keys(company.channels).map((id) => ({ id, name: id })) };
}

export function feishuPeople({ company }: { company: Company }) {
  return company.people.flatMap(({ id, active, accounts }) =>
    active && accounts.feishu ? [{ person: id, account: accounts.feishu }] : [],
  );
}

export function slackAccounts({ company }: { company: Company }): string[] {
  return company.people.flatMap(({ active, accounts }) => (active && accounts.slack ? [accounts.slack] : []));
}
