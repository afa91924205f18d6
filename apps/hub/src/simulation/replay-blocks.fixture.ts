// A program: `node replay-blocks.fixture.ts FILE` executes recorded blocks on a node of its own, and prints a
// line of hashes for each.
import { replayBlocks } from './recording.fixture.ts'

console.log(replayBlocks(process.argv[2]!).join('\n'))
