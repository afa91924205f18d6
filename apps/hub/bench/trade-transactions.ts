// What a trade transaction costs the main thread, with signatures checked elsewhere: `node
// apps/hub/bench/trade-transactions.ts`. One message a transaction that does nothing, signed by session keys
// of 300 accounts; CPU time of this thread.
import { assert, sha256, utf8 } from '@causeway/primitives'
import { SIGN_MODE } from '@causeway/protocol'
import sodium from 'sodium-native'
import { MsgCreateSessionKey } from '@causeway/protocol/causeway/accounts/v1/tx'
import { SignDoc } from '@causeway/protocol/cosmos/tx/v1beta1/tx'
import { trade, tradingZone } from '../src/testing/trading-zone.fixture.ts'
import { Wallet } from '../src/testing/wallet.fixture.ts'
import { evmWallet, partsOf, rawParts, signed } from '../src/testing/wallets.fixture.ts'
import type { TestWallet } from '../src/testing/wallets.fixture.ts'

const ACCOUNTS = 300
const TRANSACTIONS = 3_000
const ROUNDS = 3

const wallets = Array.from({ length: ACCOUNTS }, (_, i) => new Wallet(`trader ${i}`))
const sessions = wallets.map((_, i) => fastSession(`bench ${i}`))
const { zone, driver } = tradingZone(wallets.map(({ address }) => address))
const costs = new Map<string, number[]>()

/** A session key that signs with libsodium: @noble/curves would take minutes. */
function fastSession(name: string): TestWallet {
  const publicKey = Buffer.alloc(32)
  const secretKey = Buffer.alloc(64)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, Buffer.from(sha256(utf8(name))))
  const sign = (message: Uint8Array) => {
    const signature = Buffer.alloc(64)
    sodium.crypto_sign_detached(signature, message as Buffer, secretKey)
    return Promise.resolve(new Uint8Array(signature))
  }
  const self = { key: { type: 'session', bytes: new Uint8Array(publicKey) } as const, mode: SIGN_MODE.direct }
  return {
    ...self,
    address: '',
    sign(parts) {
      const { chainId, accountNumber } = parts
      return sign(SignDoc.encode({ ...rawParts(self, parts), chainId, accountNumber }).finish())
    },
    signText: (text) => sign(utf8(text)),
  }
}

function threadMicroseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

function timed<Result>(label: string, count: number, run: () => Result): Result {
  const before = threadMicroseconds()
  const result = run()
  const list = costs.get(label) ?? []
  costs.set(label, list)
  list.push((threadMicroseconds() - before) / count)
  return result
}

function openSessions(): void {
  const expiresSeconds = driver.timeSeconds + 86_400n
  const txs = wallets.map((wallet, i) => {
    wallet.accountNumber = BigInt(i + 1)
    const message = { account: wallet.address, sessionKey: sessions[i]!.key.bytes, expiresSeconds }
    const value = MsgCreateSessionKey.encode(message).finish()
    return wallet.sign([{ typeUrl: '/causeway.accounts.v1.MsgCreateSessionKey', value }])
  })
  for (const { code, log } of driver.execute(driver.proposal(txs)).txResults) assert(code === 0, log)
}

function orders(signers: readonly TestWallet[], round: number): Promise<Uint8Array[]> {
  const now = driver.timeNanoseconds / 1_000_000n
  return Promise.all(
    Array.from({ length: TRANSACTIONS }, (_, i) => {
      const account = i % ACCOUNTS
      const nonce = now + BigInt(round * TRANSACTIONS + i)
      const parts = { isTrade: true, fee: undefined, gasLimit: 20_000n, sequence: nonce }
      const address = signers[account]!.address || wallets[account]!.address
      const accountNumber = BigInt(account + 1)
      return signed(signers[account]!, partsOf(address, [trade(address)], { ...parts, accountNumber }))
    }),
  )
}

function round(txs: readonly Uint8Array[]): void {
  timed('decode', TRANSACTIONS, () => txs.forEach((tx) => zone.chain.transactions.decode(tx)))
  const foreseen = timed('sign bytes', TRANSACTIONS, () => txs.map((tx) => zone.foreseeSignature(tx)!))
  for (const { settle } of foreseen) settle(true)
  timed('CheckTx, decoded', TRANSACTIONS, () => {
    for (const tx of txs) assert(zone.checkTx({ tx, type: 0 }).code === 0, 'admitted')
  })
  const proposal = driver.proposal(txs)
  const results = timed('FinalizeBlock, decoded', TRANSACTIONS, () =>
    driver.application.finalizeBlock(proposal),
  )
  timed('commit', TRANSACTIONS, () => driver.application.commit())
  for (const { code, log } of results.txResults) assert(code === 0, log)
  driver.height = proposal.height
  driver.timeNanoseconds += 1_000_000_000n
}

openSessions()
for (let i = 0; i <= ROUNDS; i++) {
  round(await orders(sessions, i))
  if (i === 0) costs.clear()
}
let total = 0
for (const [label, list] of costs) {
  const median = list.toSorted((a, b) => a - b)[list.length >> 1]!
  total += median
  console.log(label.padEnd(28), median.toFixed(1).padStart(8), 'µs')
}
console.log('together'.padEnd(28), total.toFixed(1).padStart(8), 'µs')
const evm = evmWallet('bench evm')
const text = partsOf(evm.address, [trade(evm.address)], { isTrade: true, fee: undefined, gasLimit: 20_000n })
const textTx = await signed(evm, { ...text, sequence: driver.timeNanoseconds / 1_000_000n })
const texts = Array.from({ length: 2_000 }, (_, i) =>
  Uint8Array.from([...textTx.subarray(0, -1), 27 + (i & 1)]),
)
costs.clear()
const fresh = tradingZone([evm.address]).zone
for (let i = 0; i < 3; i++)
  timed('decode with a text', 2_000, () => {
    for (const tx of texts) {
      fresh.chain.transactions.decode(tx)
      fresh.chain.transactions.remove(tx)
    }
  })
console.log(
  'decode with a text (EIP-712)'.padEnd(28),
  costs.get('decode with a text')!.at(-1)!.toFixed(1).padStart(8),
  'µs',
)
