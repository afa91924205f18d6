// Prints the name of every generated message, for main.go.
import { messageFields } from '../src/generated/message-fields.ts'

const names = Object.keys(messageFields).filter((name) => !/^(causeway|google)\./.test(name))
console.log(names.join('\n'))
