import { Command } from 'commander'

import { addClientCommands } from './client-commands.ts'
import { PROCESS_IO } from './io.ts'
import type { CommandIo } from './io.ts'
import { addKeyCommands } from './key-commands.ts'
import { addRelayCommands } from './relay-commands.ts'
import { addTxCommands } from './tx-commands.ts'

/** `causeway relayer …`, to be added to a command line. */
export function relayerCommand(io: CommandIo = PROCESS_IO): Command {
  const relayer = new Command('relayer').description('carries headers, packets and proofs between chains')
  addRelayCommands(relayer, io)
  addClientCommands(relayer, io)
  addKeyCommands(relayer, io)
  addTxCommands(relayer, io)
  return relayer
}
