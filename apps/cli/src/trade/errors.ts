import { defineErrors } from '@causeway/primitives'

/** Codespace `cli-trade`: what a user of `causeway account`, `order` or `market` got wrong. Append only. */
export const errors = defineErrors('cli-trade', {
  unreadable: [1, (d: { path: string; reason: string }) => `${d.path} can't be read: ${d.reason}`],
  noHub: [
    2,
    (d: { path: string }) =>
      'no hub is named: pass --rpc http://127.0.0.1:26657, or a file that --config names ' +
      `(\`npm start\` writes ${d.path} while it runs)`,
  ],
  noKey: [
    3,
    () =>
      'no key is named: pass --key FILE, a file that holds the private key of an EVM wallet ' +
      '(64 hex digits) and that only you can read',
  ],
  badKey: [
    4,
    (d: { path: string }) =>
      `${d.path}: expected one line of 64 hex digits: an EVM wallet’s private key, or a session key’s seed`,
  ],
  openKey: [
    5,
    (d: { path: string; mode: string }) =>
      `${d.path} has mode ${d.mode}: others can read the key; chmod 600 it, and think of it as known`,
  ],
  badTrigger: [6, () => '--stop takes --above or --below: which side of the mark the order waits for'],
  badTime: [
    7,
    (d: { text: string }) => `--until ${d.text}: expected a time to come, like 2026-03-27T08:00:00Z`,
  ],
  badCount: [8, (d: { name: string; text: string }) => `${d.name} ${d.text}: expected a whole number`],
  noLine: [
    9,
    (d: { token: string; known: string }) => `no chain takes ${d.token} back: the hub has ${d.known}`,
  ],
  manyLines: [
    10,
    (d: { token: string; known: string }) =>
      `${d.token} came over several chains: say which with --chain, or with --line one of ${d.known}`,
  ],
  noToken: [
    11,
    (d: { token: string; known: string }) =>
      `no chain of the configuration has ${d.token}: ${d.known || 'it lists no token'}`,
  ],
  exists: [12, (d: { path: string }) => `${d.path} is there already: name a file that is not, for a new key`],
  badTrust: [
    13,
    (d: { text: string }) =>
      `--trust ${d.text}: expected height:hash of a header, like 1200:9F…, hash in 64 hex digits`,
  ],
  noChain: [
    16,
    (d: { chain: string; known: string }) =>
      `--chain ${d.chain}: expected a chain of the configuration, ${d.known || 'which lists none'}`,
  ],
  noSolanaKey: [14, () => 'no key pays on Solana: pass --pay-with FILE, a key file of solana-keygen'],
  badSolanaKey: [
    15,
    (d: { path: string }) => `${d.path}: expected a key file of solana-keygen: a list of 64 bytes`,
  ],
})
