/** Files join a request: what they are called (G6). */
import { localDate } from '../core/calendar.ts';
import type { Moment } from '../core/module.ts';
import { fileName } from '../core/vault.ts';
import type { Process, World } from '../processes/model.ts';
import { purposeOf } from './content.ts';
import type { Request, RequestEvent, SentFile } from './model.ts';

const PROJECT_LENGTH = 40;

/** `had`: how many files the request has already, and the form that says what it is about. */
export function attached(
  request: Pick<Request, 'number' | 'values' | 'submission'>,
  files: SentFile[],
  moment: Moment<World>,
  had: { files?: number; process?: Process },
): RequestEvent[] {
  const purpose = had.process ? purposeOf(had.process, request.values) : '';
  return files.map((file, index) => {
    const position = (had.files ?? 0) + index + 1;
    const of = {
      purpose: purpose || request.number,
      submission: request.submission,
      position,
      original: file.original,
    };
    return { type: 'file-attached', data: { ...file, name: attachmentName(of, moment), position } };
  });
}

/** The project is what the request is about; the number is the file's within the request; the version is that of the content. */
function attachmentName(
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
