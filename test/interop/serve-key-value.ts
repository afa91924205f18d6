// Run as a process of its own: the key-value application on an ABCI socket. Arguments: socket, state file,
// recording.
import { openRecording, recordApplication, startAbciServer } from '@causeway/hub'
import { createKeyValueApplication } from './key-value-application.ts'

const [socket, state, recording] = process.argv.slice(2) as [string, string, string]
await startAbciServer({
  address: socket,
  application: recordApplication(createKeyValueApplication(state), openRecording(recording)),
  onFatal: (error) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  },
  onPeerError: (error) => process.stderr.write(`${error.message}\n`),
})
