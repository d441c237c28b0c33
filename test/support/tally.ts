/** After vitest's own closing lines, one more for programs that read them: `412 passed, 0 failed, 3 skipped`. */
import type { Reporter, TestModule } from 'vitest/node';

export default class Tally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
    const count = (state: string) => states.filter((one) => one === state).length;
    // a file that cannot be loaded has no tests, and an error beside the tests belongs to none
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const unrun = states.length - count('passed') - count('failed');
    console.log(`\n${count('passed')} passed, ${count('failed') + broken} failed, ${unrun} skipped`);
  }
}
