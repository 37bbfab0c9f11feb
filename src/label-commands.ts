// Owns the command line's command about labels, a client of a running service: the sheets go into a file, and what is to
// be known before they are printed is said.
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ClientOptions, clientOf, pathOf, say } from './client-commands.ts';
import type { Config } from './config.ts';
import { TouchstoneError } from './core/errors.ts';

export interface LabelOptions extends ClientOptions {
  readonly out: string;
  readonly format: string;
  readonly import?: string;
  readonly batch?: string;
  readonly level?: string;
  readonly start?: string;
  readonly mm?: string;
  readonly title?: true;
}

export async function makeLabels(config: Config, codes: readonly string[], options: LabelOptions): Promise<void> {
  const { format, level, start, mm, title } = options;
  const body = {
    format,
    of: wanted(codes, options),
    ...(level !== undefined && { level }),
    ...(start !== undefined && { start: Number(start) }),
    ...(mm !== undefined && { mostMm: Number(mm) }),
    ...(title && { title }),
  };
  const answer = await clientOf(config, options).file('/api/v1/labels', body);
  // A file that is there may be the one that was printed: it is not written over.
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(options.out, { flags: 'wx' }));
  const { headers } = answer;
  say(
    `${headers.get('label-count')} labels in ${options.out}; each module of the code is ${headers.get('label-module-mm')} mm wide`,
  );
  const note = headers.get('label-note');
  if (note !== null) say(note);
}

function wanted(codes: readonly string[], options: LabelOptions): object {
  const ways = [codes.length > 0, options.import !== undefined, options.batch !== undefined].filter(Boolean);
  if (ways.length !== 1) {
    throw new TouchstoneError('invalid-request', 'Name codes, or an --import, or a --batch: one of the three.');
  }
  if (options.import !== undefined) return { importId: Number(options.import) };
  return options.batch !== undefined ? { batchId: options.batch } : { codes: codes.map(pathOf) };
}
