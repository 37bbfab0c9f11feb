// Owns one thing: mocha's own spec report, and its counts in a file for scripts/test.ts.
'use strict';
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

class Counted extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes = 0, failures = 0 } = runner.stats ?? {};
      writeFileSync(options.reporterOptions.output, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
}

module.exports = Counted;
