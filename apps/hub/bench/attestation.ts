// What attestation costs a block: milliseconds of one core. `node apps/hub/bench/attestation.ts`; the figures
// in docs/attestation.md are from here.
import { createMemoryStorage } from '@causeway/state-tree'
import { createHubApplication } from '../src/app.ts'
import { attestingValidators, bls, signersOf } from '../src/modules/attestation/attested-hub.fixture.ts'
import type { AttestingValidator } from '../src/modules/attestation/attested-hub.fixture.ts'
import { Driver } from '../src/testing/driver.fixture.ts'
import { hubOptions } from '../src/testing/hub.fixture.ts'
import { genesisValidator, stakedGenesis } from '../src/testing/staked-hub.fixture.ts'

const BLOCKS = 20

for (const count of [1, 4, 100]) {
  const validators = attestingValidators(Array.from({ length: count }, () => 10n))
  const silent = blockMilliseconds(validators, 0, 0)
  const attested = blockMilliseconds(validators, count, 0)
  const bad = Math.floor((count - 1) / 3)
  const spoilt = bad === 0 ? undefined : blockMilliseconds(validators, count, bad)
  const show = (ms: number) => ms.toFixed(1).padStart(8)
  console.log(
    `${String(count).padStart(4)} validators: block ${show(silent.block)} ms without,`,
    `${show(attested.block)} ms with;`,
    `one vote ${show(attested.vote - silent.vote)} ms more;`,
    spoilt === undefined ? '' : `${bad} bad signatures: ${show(spoilt.block)} ms`,
  )
}

/** CPU time of FinalizeBlock and Commit, and of one ExtendVote; the least of some rounds of blocks. */
function blockMilliseconds(validators: AttestingValidator[], signing: number, bad: number) {
  const spoilt = new Set(Array.from({ length: bad }, (_, i) => `v${3 * i}`))
  const attestationSigners = signersOf(validators.slice(0, signing), ({ name }, signature) =>
    spoilt.has(name) ? signature.with(95, signature[95]! ^ 1) : signature,
  )
  const hub = createHubApplication(hubOptions(createMemoryStorage(), { bls, attestationSigners }))
  const driver = new Driver(hub, validators)
  const stake = {
    validators: validators.map(({ name, publicKey, power }) => genesisValidator(name, publicKey, power)),
    staking: { epochBlocks: 1_000n },
  }
  driver.initChain(stakedGenesis([], stake))
  for (let i = 0; i < 4; i++) driver.block()
  let [block, vote] = [Infinity, Infinity]
  for (let i = 0; i < BLOCKS; i++) {
    const proposal = driver.proposal([])
    const voting = cpuMilliseconds()
    const lastCommit = driver.vote(proposal)
    vote = Math.min(vote, (cpuMilliseconds() - voting) / validators.length)
    const before = cpuMilliseconds()
    hub.finalizeBlock(proposal)
    hub.commit()
    block = Math.min(block, cpuMilliseconds() - before)
    driver.height = proposal.height
    driver.timeNanoseconds += 1_000_000_000n
    driver.lastCommit = lastCommit
  }
  return { block, vote }
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
