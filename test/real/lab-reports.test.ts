// Holds that the run on a laboratory's reports leaves nothing of its source out: on entries made up here and, where the
// real files are at hand, on every one of them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { realFile } from '../../scripts/real/data.ts';
import {
  REPORTS_FILE,
  RESPONSES_FILE,
  recordOf,
  reportsOf,
  statementOf,
} from '../../scripts/real/lab-report-record.ts';
import { canonicalStatement, mustParseStatement } from '../../src/core/certificate.ts';
import { ownCode } from '../../src/core/code.ts';
import { mustParseRecord } from '../../src/core/record.ts';

const CODE = ownCode('traders', new Uint8Array(10));
const LISTED = {
  reports: [
    {
      report_number: '11',
      report_type: 'Opal Origin Report',
      results_type: 'X',
      notes: ['Image', 'Film'],
      extra: null,
    },
    { report_number: '22', report_type: 'Laboratory-Grown Thing Report', notes: null, extra: 'found late' },
  ],
};
const ANSWERED = {
  responses: [
    {
      response: {
        data: { a: { report_number: '22', report_type: 'Dossier', results: { carat: '1 carat', cut: null } } },
      },
    },
  ],
};

describe('the run on laboratory reports', () => {
  it('takes every text of the source, and of two entries about a number the one with results', () => {
    expect(reportsOf(LISTED, ANSWERED)).to.deep.equal([
      {
        number: '11',
        type: 'Opal Origin Report',
        findings: [
          { name: 'Kind of results', value: 'X' },
          { name: 'Comes with', value: 'Image' },
          { name: 'Comes with', value: 'Film' },
        ],
        facts: ['11', 'Opal Origin Report', 'X', 'Image', 'Film'],
      },
      {
        number: '22',
        type: 'Dossier',
        findings: [{ name: 'carat', value: '1 carat' }],
        facts: ['22', 'Dossier', '1 carat'],
      },
    ]);
  });

  it('makes records and statements that are accepted and hold every fact', () => {
    const real = realFile('lab-reports');
    const folders = real === undefined ? [] : [real];
    const read = (folder: string, name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const reports = [
      ...reportsOf(LISTED, { responses: [] }),
      ...folders.flatMap((folder) => reportsOf(read(folder, REPORTS_FILE), read(folder, RESPONSES_FILE))),
    ];
    for (const report of reports) {
      const record = mustParseRecord({ ...recordOf(report), code: CODE });
      expect(JSON.stringify(record)).to.include(report.number);
      const subject = { kind: 'report', issuer: 'GIA', number: report.number };
      const text = canonicalStatement(mustParseStatement({ ...statementOf(report), subject }));
      for (const fact of report.facts) expect(text).to.include(fact);
    }
    expect(reports.length).to.be.greaterThan(1);
  });
});
