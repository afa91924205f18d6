// Two hosts of the Bank port: a plain zone with escrow accounts, and a hub with lines. Both log what they
// moved.
import { defineErrors, fromUtf8, toHex, utf8 } from '@causeway/primitives'
import type { KeyValueReader } from '@causeway/state-tree'
import { voucherOf } from '../transfer/denomination.ts'
import { escrowAddress } from '../transfer/escrow-address.ts'
import { createTransferApplication } from '../transfer/transfer-application.ts'
import type { Bank, TokenMovement, TransferAccounts, TransferPorts } from '../transfer/transfer-ports.ts'
import type { TestChain, TestContext } from './test-chain.fixture.ts'

export const bankErrors = defineErrors('bank', {
  insufficient: [1, (d: { need: bigint; have: bigint }) => `need ${d.need}, have ${d.have}`],
  unknownAccount: [2, (d: { account: string }) => `no account ${d.account}`],
  notOwner: [3, (d: { sender: string; signer: string }) => `${d.sender} is not ${d.signer}`],
})

const text = (reader: KeyValueReader, key: string): bigint => {
  const bytes = reader.get(utf8(key))
  return bytes === undefined ? 0n : BigInt(fromUtf8(bytes))
}

export function balanceOf(chain: TestChain, account: string, denomination: string): bigint {
  return text(chain.reader('bank'), `balance/${voucherOf(denomination)}/${account}`)
}

/** All that exists of a token on a chain: in accounts and in escrow. */
export function supplyOf(chain: TestChain, denomination: string): bigint {
  const prefix = `balance/${voucherOf(denomination)}/`
  let sum = 0n
  for (const [, value] of chain.reader('bank').iterate(utf8(prefix), utf8(`${prefix}~`)))
    sum += BigInt(fromUtf8(value))
  return sum
}

/** What a chain holds in escrow for the other end of a client. */
export function escrowOf(chain: TestChain, clientId: string, denomination: string): bigint {
  return balanceOf(chain, toHex(escrowAddress(clientId)), denomination)
}

/** What a hub's line holds: what the other end must hold in escrow for it. */
export function lineOf(chain: TestChain, clientId: string, denomination: string): bigint {
  return text(chain.reader('bank'), `line/${clientId}/${denomination}`)
}

export function change(context: TestContext, key: string, delta: bigint): void {
  const store = context.store('bank')
  const have = text(store, key)
  if (have + delta < 0n) throw bankErrors.insufficient({ need: -delta, have })
  if (have + delta === 0n) store.delete(utf8(key))
  else store.set(utf8(key), utf8(`${have + delta}`))
}

/** A zone of the devnet's kind. */
export function zonePorts(prefix: string, log: TokenMovement[] = []): TransferPorts<TestContext> {
  const key = (m: TokenMovement, account: string) => `balance/${voucherOf(m.denomination)}/${account}`
  const escrow = (m: TokenMovement) => key(m, toHex(escrowAddress(m.clientId)))
  const bank: Bank<TestContext> = {
    escrow(context, m) {
      change(context, key(m, m.account), -m.amount)
      change(context, escrow(m), m.amount)
      log.push(m)
    },
    release(context, m) {
      change(context, escrow(m), -m.amount)
      change(context, key(m, m.account), m.amount)
      log.push(m)
    },
    mint(context, m) {
      change(context, key(m, m.account), m.amount)
      log.push(m)
    },
    burn(context, m) {
      change(context, key(m, m.account), -m.amount)
      log.push(m)
    },
    spendable: (context, account, path) =>
      text(context.store('bank'), `balance/${voucherOf(path)}/${account}`),
  }
  return { bank, accounts: accounts(prefix), denominations: (context) => context.store('transfer') }
}

/** A hub: minting credits the line (client, path), burning withdraws from it. */
export function hubPorts(prefix: string, log: TokenMovement[] = []): TransferPorts<TestContext> {
  const zone = zonePorts(prefix, log)
  const line = (m: TokenMovement) => `line/${m.clientId}/${m.denomination}`
  const bank: Bank<TestContext> = {
    ...zone.bank,
    mint(context, m) {
      zone.bank.mint(context, m)
      change(context, line(m), m.amount)
    },
    burn(context, m) {
      zone.bank.burn(context, m)
      change(context, line(m), -m.amount)
    },
  }
  return { ...zone, bank }
}

export function installTransfer(chain: TestChain, ports: TransferPorts<TestContext>): void {
  chain.applications.set('transfer', createTransferApplication(ports))
}

/** Gives an account tokens made on this chain. */
export function fund(chain: TestChain, account: string, denomination: string, amount: bigint): void {
  chain.deliver((context) => change(context, `balance/${voucherOf(denomination)}/${account}`, amount))
}

function accounts(prefix: string): TransferAccounts<TestContext> {
  const pattern = new RegExp(`^${prefix}1[a-z]+(/[0-9]+)?$`)
  return {
    requireReceiver(_context, receiver) {
      if (!pattern.test(receiver)) throw bankErrors.unknownAccount({ account: receiver })
    },
    requireSender(_context, sender, signer) {
      if (!pattern.test(sender)) throw bankErrors.unknownAccount({ account: sender })
      if (sender.split('/')[0] !== signer) throw bankErrors.notOwner({ sender, signer })
    },
  }
}
