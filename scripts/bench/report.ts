// Owns what every bench hands over: rows of figures with the machine they were taken on, as a table and as JSON.
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

export interface Row {
  readonly job: string;
  readonly value: number;
  readonly unit: string;
  /** The same measured of what it is compared with, in the same run. */
  readonly rival?: number;
  /** value ÷ rival. */
  readonly ratio?: number;
}

export interface Report {
  readonly bench: string;
  readonly machine: Machine;
  readonly rows: readonly Row[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly date: string;
}

export function machine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    date: new Date().toISOString(),
  };
}

/** A measured pair: the ratio is taken before anything is rounded. */
export function beside(job: string, unit: string, value: number, rival: number): Row {
  return { job, value: rounded(value), unit, rival: rounded(rival), ratio: rounded(value / rival) };
}

export function figure(job: string, unit: string, value: number): Row {
  return { job, value: rounded(value), unit };
}

/** Four significant digits: more would claim a precision that nobody measured. Whole numbers stay whole. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

export function print({ bench, machine: m, rows }: Report): void {
  console.log(
    `\n${bench}: ${m.cpu}, ${m.cores} cores, ${m.memoryGiB} GiB, Node ${m.node.slice(1)}, ${m.date.slice(0, 10)}`,
  );
  const lines = [['job', 'value', 'unit', 'rival', 'ratio'], ...rows.map(cellsOf)];
  const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0))) ?? [];
  for (const line of lines) {
    const cells = line.map((cell, i) =>
      i === 0 || i === 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    );
    console.log(cells.join('  ').trimEnd());
  }
}

function cellsOf({ job, value, unit, rival, ratio }: Row): string[] {
  const text = (number: number | undefined) => (number === undefined ? '' : number.toLocaleString('en-GB'));
  return [job, text(value), unit, text(rival), text(ratio)];
}

export function write(file: string, report: Report): void {
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}
