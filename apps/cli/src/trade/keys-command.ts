import { writeFileSync } from 'node:fs'
import { createSession, sessionWallet } from '@causeway/client'
import { Command } from 'commander'
import {
  readSession,
  readWalletFile,
  show,
  wholeNumber,
  withTrader,
  withTraderOptions,
} from './connection.ts'
import type { Asked } from './connection.ts'
import { errors } from './errors.ts'
import { sentLines } from './order-lines.ts'

const DAY_SECONDS = 86_400

/** Adds what changes who signs for an account: `link` and `session`. */
export function addKeys(command: Command): void {
  withTraderOptions(command.command('link').description('join another EVM wallet to the account, for good'))
    .argument('<key-file>', 'its private key: it must consent')
    .action(async (path: string, asked: Asked) => {
      const wallet = readWalletFile(path)
      show(asked, await withTrader(asked, (trader) => trader.link(wallet)), (sent) =>
        sentLines(`${wallet.nativeAddress} signs for the account too`, sent),
      )
    })
  const session = new Command('session').description(
    'keys that trade for the account and can do nothing else',
  )
  withTraderOptions(session.command('create').description('a new key, in a file that only you can read'))
    .argument('<file>', 'where its seed goes')
    .option('--days <number>', '1 to 90', '1')
    .addHelpText('after', '\nThen: causeway order buy 0.1 ETH-PERP --session <file>')
    .action(create)
  withTraderOptions(session.command('revoke').description('end a key at once'))
    .argument('<file>', 'that holds its seed')
    .action(async (path: string, asked: Asked) => {
      const key = readSession(path)
      show(asked, await withTrader(asked, (trader) => trader.revokeSession(key)), (sent) =>
        sentLines(`session key ${key.publicKey} trades no more`, sent),
      )
    })
  command.addCommand(session)
}

async function create(path: string, asked: Asked & { readonly days: string }): Promise<void> {
  const seconds = wholeNumber('--days', asked.days) * DAY_SECONDS
  const { seed } = createSession()
  writeNew(path, seed)
  const sent = await withTrader(asked, (trader) => trader.createSession(sessionWallet(seed), { seconds }))
  show(asked, sent, () =>
    sentLines(`${path} trades until ${new Date(sent.expirySeconds * 1000).toISOString()}`, sent),
  )
}

function writeNew(path: string, seed: string): void {
  try {
    writeFileSync(path, `${seed}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw errors.exists({ path })
    throw error
  }
}
