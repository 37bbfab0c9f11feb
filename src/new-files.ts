// Owns files that a command makes in a folder the user names: all of them or none, none in the place of another. What is
// secret is readable by its owner only, from its first byte on. What stands in them is the command's business.
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { TouchstoneError } from './core/errors.ts';

const SECRET_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const FOLDER_MODE = 0o700;
const TEXT_AT_ONCE = 64 * 1024;
/** Unfinished files end so: what has its own name is whole. */
const UNFINISHED = '.part';

export interface NewFile {
  write(text: string): void;
}

export class NewFiles {
  readonly #folder: string;
  readonly #made: { readonly name: string; readonly finish: () => void }[] = [];

  /** Makes the folder, for its owner alone, if it is not there. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    this.#folder = folder;
  }

  /** @throws TouchstoneError invalid-request if something has this name */
  file(name: string, { secret }: { secret: boolean }): NewFile {
    const fd = openSync(this.#free(name), 'wx', secret ? SECRET_MODE : PUBLIC_MODE);
    let held = '';
    const flush = () => {
      writeSync(fd, held);
      held = '';
    };
    const finish = () => {
      flush();
      fsyncSync(fd);
      closeSync(fd);
    };
    this.#made.push({ name, finish });
    return {
      write(text) {
        held += text;
        if (held.length >= TEXT_AT_ONCE) flush();
      },
    };
  }

  /** A folder of secret files. */
  folder(name: string): { file(inner: string, text: string): void } {
    const path = this.#free(name);
    mkdirSync(path, { mode: FOLDER_MODE });
    this.#made.push({ name, finish: () => {} });
    return { file: (inner, text) => writeFileSync(join(path, inner), text, { mode: SECRET_MODE, flag: 'wx' }) };
  }

  /** Gives everything its name, in the order in which it was made. */
  finish(): void {
    for (const { finish } of this.#made) finish();
    for (const { name } of this.#made) this.#mustBeFree(name);
    for (const { name } of this.#made) renameSync(this.#unfinished(name), join(this.#folder, name));
  }

  /** Takes away what was begun. */
  giveUp(): void {
    for (const { name } of this.#made) rmSync(this.#unfinished(name), { recursive: true, force: true });
  }

  #unfinished(name: string): string {
    return join(this.#folder, name + UNFINISHED);
  }

  #free(name: string): string {
    this.#mustBeFree(name);
    this.#mustBeFree(name + UNFINISHED);
    return this.#unfinished(name);
  }

  #mustBeFree(name: string): void {
    const path = join(this.#folder, name);
    if (!existsSync(path)) return;
    const message = `${path} is there already, and nothing is written over: name another folder, or take it away yourself.`;
    throw new TouchstoneError('invalid-request', message);
  }
}
