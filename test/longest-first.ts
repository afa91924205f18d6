import { BaseSequencer } from 'vitest/node'
import type { TestSpecification } from 'vitest/node'

/** Files that take minutes on one core: begun last they would keep the other core waiting. */
const LONG = [/contracts\/evm\/contracts\.test\.ts$/, /test\/e2e\/npm-start\.test\.ts$/]

/** Begins with the files that take longest; the others in Vitest's own order. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((path) => path.test(moduleId))
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
