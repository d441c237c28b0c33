/** What a request's files are called (G6). */
import { localDate } from '../core/calendar.ts';
import type { Moment } from '../core/module.ts';
import { fileName } from '../core/vault.ts';
import type { World } from '../processes/model.ts';

const PROJECT_LENGTH = 40;

/** The project is what the request is about; the number is the file's within the request; the version is that of the content. */
export function attachmentName(
  file: { purpose: string; position: number; submission: number; original: string },
  moment: Moment<World>,
): string {
  return fileName({
    project: [...file.purpose].slice(0, PROJECT_LENGTH).join(''),
    date: localDate(moment.at, moment.world.directory.company.timezone),
    number: file.position,
    version: file.submission,
    ext: ENDING.exec(file.original)?.[1] ?? '',
  });
}

const ENDING = /\.([A-Za-z0-9]{1,8})$/;

/** A photo from a phone comes without an ending: once it is here, it gets that of what it is. */
export function withEnding(name: string, ext: string): string {
  return ENDING.test(name) ? name : `${name}.${ext}`;
}
