// A beacon node between a program and the devnet's, which lies as a test says.
import { createServer, type Server } from 'node:http'

/** Changes an answer; the JSON may be written into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Lie = (path: string, answer: any) => unknown

/** A beacon node that passes on what another one says, but for its lies. */
export type LyingBeacon = { readonly url: string; lie: Lie; close(): Promise<void> }

/** Opens one in front of the node at `target`. */
export async function openLyingBeacon(target: string): Promise<LyingBeacon> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    void fetch(target + path)
      .then(async (answer) => {
        const body = (await answer.json()) as unknown
        response.writeHead(answer.status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(answer.ok ? beacon.lie(path, body) : body))
      })
      .catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const beacon = { url: addressOf(server), lie: ((_, answer) => answer) as Lie, close: () => close(server) }
  return beacon
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

function addressOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address !== 'object') throw new Error('the server has no address')
  return `http://127.0.0.1:${address.port}`
}

const HASH = `0x${'5a'.repeat(32)}`

/** What a node can say that is not so, each about another answer. */
export const LIES: Readonly<Record<string, Lie>> = {
  'another network': (path, answer) => {
    if (path.endsWith('/beacon/genesis')) answer.data.genesis_validators_root = HASH
    return answer
  },
  'forks that are not scheduled': (path, answer) => {
    if (path.endsWith('/config/spec')) answer.data.FULU_FORK_VERSION = '0x77777777'
    return answer
  },
  'a bootstrap with another committee': (path, answer) => {
    if (path.includes('/bootstrap/')) answer.data.current_sync_committee.aggregate_pubkey = KEY
    return answer
  },
  'an update that names another committee': (path, answer) => {
    if (path.includes('/updates?')) answer[0].data.next_sync_committee.aggregate_pubkey = KEY
    return answer
  },
  'an update of another period': (path, answer) => {
    if (path.includes('/updates?')) answer[0].data.attested_header.beacon.slot = '3'
    return answer
  },
  'no updates': (path, answer) => (path.includes('/updates?') ? [] : answer),
  'finality that nobody signed': (path, answer) => {
    if (!path.endsWith('/finality_update')) return answer
    answer.data.finalized_header.execution.state_root = HASH
    return answer
  },
  'a signature of others': (path, answer) => {
    if (path.endsWith('/finality_update')) answer.data.sync_aggregate.sync_committee_signature = SIGNATURE
    return answer
  },
  'text instead of objects': (path) => (path.includes('/light_client/') ? 'no' : {}),
}

/** A generator of G1, and its negation in G2: points, and nobody's here. */
const KEY =
  '0x97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb'
const SIGNATURE =
  '0x93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e' +
  '024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8'
