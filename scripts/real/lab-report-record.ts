// Owns how a laboratory's published report becomes a record of a stone and a statement of the laboratory, with nothing
// the source says left out. The source names reports, not their results; what it doesn't say is unknown.

export const REPORTS_FILE = 'gia-sandbox-reports.json';
export const RESPONSES_FILE = 'gia-sample-responses.json';
/** As the source's reports are known in the trade. */
export const ISSUER = 'GIA';

export interface LabReport {
  readonly number: string;
  readonly type: string;
  /** Name and value of everything else the source says. */
  readonly findings: readonly { readonly name: string; readonly value: string }[];
  /** Every text of the source that has to be found again. */
  readonly facts: readonly string[];
}

interface Published {
  readonly report_number: string;
  readonly report_type: string;
  readonly results_type?: string;
  readonly notes?: readonly string[] | null;
  readonly extra?: unknown;
}

/** @param file the report numbers; @param samples answers of the laboratory's service, with some results */
export function reportsOf(file: unknown, samples: unknown): LabReport[] {
  const listed = (file as { reports: readonly Published[] }).reports.map((one) => {
    const rest = [
      ...named('Kind of results', one.results_type),
      ...(one.notes ?? []).map((note) => ({ name: 'Comes with', value: note })),
      ...named('Note', typeof one.extra === 'string' ? one.extra : undefined),
    ];
    return labReport(one.report_number, one.report_type, rest);
  });
  const answered = (samples as { responses: readonly { response: { data: Record<string, unknown> } }[] }).responses
    .flatMap(({ response }) => Object.values(response.data))
    .map((one) => {
      const { report_number: number, report_type: type, ...rest } = one as Record<string, unknown>;
      return labReport(String(number), String(type), flattened(rest));
    });
  // One report a number: where both speak of it, the one with results does.
  const byNumber = new Map([...listed, ...answered].map((report) => [report.number, report]));
  return [...byNumber.values()];
}

function labReport(number: string, type: string, findings: LabReport['findings']): LabReport {
  return { number, type, findings, facts: [number, type, ...findings.map(({ value }) => value)] };
}

function named(name: string, value: string | undefined): { name: string; value: string }[] {
  return value === undefined ? [] : [{ name, value }];
}

/** Every text and number at any depth, under its own name. */
function flattened(value: object): { name: string; value: string }[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    if (inner === null || inner === undefined) return [];
    if (typeof inner === 'object') return flattened(inner);
    return [{ name: name.replaceAll('_', ' ').trim() || 'value', value: String(inner) }];
  });
}

/** What a trader states who has nothing but the report's number and type. */
export function recordOf({ number, type }: LabReport): object {
  const species = /\(([^)]+)\)|^(?:Laboratory-Grown )?(?:Colored )?(\w+)/.exec(type);
  return {
    schema: 'touchstone/record/1',
    recordedAs: 'custodian',
    language: 'en',
    title: `Stone with ${ISSUER} ${type} ${number}`,
    kind: 'gemstone',
    maker: 'unknown',
    made: { place: 'unknown', date: 'unknown' },
    materials: [
      {
        type: 'stone',
        species: species?.[1] ?? species?.[2] ?? 'unknown',
        nature: /laboratory-grown/i.test(type) ? 'laboratory-grown' : 'unknown',
        count: 'unknown',
        caratThousandths: 'unknown',
        colour: 'unknown',
        clarity: 'unknown',
        report: { issuer: ISSUER, number },
        origin: 'unknown',
        custody: 'unknown',
      },
    ],
    massMg: 'unknown',
  };
}

/** What the laboratory certifies; its subject is chosen by who asks. */
export function statementOf({ number, type, findings }: LabReport): Record<string, unknown> {
  return {
    schema: 'touchstone/certificate/1',
    language: 'en',
    type: /origin/i.test(type) ? 'origin' : /identification|card/i.test(type) ? 'identification' : 'grading',
    title: `${type} ${number}`,
    statement: `${ISSUER} issued report ${number}: ${type}.`,
    evidence: 'third-party',
    report: { issuer: ISSUER, number },
    ...(findings.length > 0 ? { findings } : {}),
  };
}
