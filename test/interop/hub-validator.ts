// Serves the hub's application to one CometBFT validator, records what it was given, and may be hostile:
//   node hub-validator.ts SOCKET HOME CHAIN_ID honest|hostile|worst:ADDRESS|forgetful:ADDRESS
// A hostile one tampers with transaction 0 of its own proposals, each time in another way. The worst does
// whatever can be done to a proposal, lies in its votes, and leaves out what names the address; a forgetful
// one proposes that only where it has to. Everything else they do as an honest one.
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  createHubApplication,
  createSeededPriceSource,
  openRecording,
  recordApplication,
  startAbciServer,
  verifyNatively,
} from '@causeway/hub'
import { openLmdbStorage } from '@causeway/state-tree'
import { TAMPERINGS, hostile } from '../hostile/hostile-application.ts'
import type { Hostility } from '../hostile/hostile-application.ts'

const [socket, home, chainId, mode] = process.argv.slice(2) as [string, string, string, string]

const [kind, victim = ''] = mode.split(':')
const ofVictim = (tx: Uint8Array): boolean => Buffer.from(tx).includes(victim)
const { noVotes, forgedVotes, fewerVotes, oldVotes } = TAMPERINGS
const hostilities: Readonly<Record<string, Hostility>> = {
  hostile: { proposals: [noVotes, forgedVotes, fewerVotes, oldVotes] },
  worst: { proposals: Object.values(TAMPERINGS), lies: true, censors: ofVictim },
  forgetful: { forgets: ofVictim },
}

mkdirSync(join(home, 'application'), { recursive: true })
const application = createHubApplication({
  chainId,
  storage: openLmdbStorage(join(home, 'application')),
  verifySignatures: verifyNatively,
  priceSource: createSeededPriceSource('interop', [{ asset: 2n, priceE9: 3_000_000_000_000n }]),
  onProposalRefused: (height, reason) =>
    appendFileSync(
      join(home, 'refusals.txt'),
      `${height} ${reason.codespace}/${reason.code} ${reason.message}\n`,
    ),
})
const recorded = recordApplication(application, openRecording(join(home, 'recording')))
await startAbciServer({
  address: `unix://${socket}`,
  application: kind === 'honest' ? recorded : hostile(recorded, hostilities[kind!]!),
  onFatal: (error) => {
    console.error(error)
    process.exit(1)
  },
})
