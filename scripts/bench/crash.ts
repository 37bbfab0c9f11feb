import type { Row } from './report.ts';
export const about = 'crash: later';
export async function run(_: readonly string[]): Promise<Row[]> {
  return [];
}
