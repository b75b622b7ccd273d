import sallyport = require('sallyport')
import engine = require('sallyport/engine')
import net = require('sallyport/net')
import text = require('sallyport/policy')

const caller: sallyport.Identity = { kind: 'user', id: 'alice' }
const document = sallyport.definePolicy({ sallyport: 1, name: 'types', rules: [{ id: 'r', effect: 'allow' }] })
const decision: sallyport.Decision = sallyport.compile(document).authorize(caller, null, '10.1.0.1', '10.2.0.1')
export const used = [decision, engine.loadPolicy, net.parseAddress, text.parsePolicy]
