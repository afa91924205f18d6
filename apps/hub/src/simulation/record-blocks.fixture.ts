// A program: `node record-blocks.fixture.ts SEED BLOCKS FILE` lives a simulation, writes its blocks, and
// prints a line of hashes for each.
import { writeBlocks } from './recording.fixture.ts'
import { Simulation } from './simulation.fixture.ts'

const [seed, blocks, path] = process.argv.slice(2)
const simulation = new Simulation(Number(seed), { recordMost: Number(blocks) })
while (simulation.recorded.length < Number(blocks)) simulation.step()
console.log(writeBlocks(simulation, path!).join('\n'))
