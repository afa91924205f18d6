// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcApplication } from "../interfaces/IIbcApplication.sol";
import { IWiredClearingPort, IWiredVault } from "../interfaces/IWiring.sol";
import { ClientRegistry } from "./ClientRegistry.sol";
import { CommitmentStore } from "./CommitmentStore.sol";

/// @title What the handlers of packets have in common: two applications on fixed ports, proofs, events
abstract contract Applications is ClientRegistry, CommitmentStore {
    /// @notice Port of CollateralVault.
    string public constant TRANSFER_PORT = "transfer";
    /// @notice Port of ClearingPort.
    string public constant CLEARING_PORT = "clearing";
    /// @notice Value of a payload, in bytes.
    uint256 public constant PAYLOAD_BYTES_MAX = 262_144;

    /// @dev Bytes of an application's reason that are told.
    uint256 private constant REASON_BYTES_MAX = 1024;
    bytes32 private constant TRANSFER_PORT_HASH = keccak256(bytes("transfer"));
    bytes32 private constant CLEARING_PORT_HASH = keccak256(bytes("clearing"));

    address internal immutable VAULT;
    address internal immutable CLEARING;
    address internal immutable EXIT_DESK;

    constructor(IWiredVault vault, IWiredClearingPort clearing) {
        VAULT = address(vault);
        CLEARING = address(clearing);
        EXIT_DESK = vault.exitDesk();
    }

    /// @dev The application of a port, or zero.
    function _application(string calldata portId) internal view returns (address) {
        bytes32 portHash = keccak256(bytes(portId));
        if (portHash == TRANSFER_PORT_HASH) return VAULT;
        if (portHash == CLEARING_PORT_HASH) return CLEARING;
        return address(0);
    }

    /// @dev The record of this chain's end of a packet, whose counterparty must be the packet's other end.
    /// Before anything else: without it anyone opens a client on a peer chain, names ours as its counterparty
    /// and drains an escrow with proofs that verify.
    function _recordOf(string calldata ours, string calldata theirs)
        internal
        view
        returns (ClientRecord storage record)
    {
        record = _record(ours);
        string memory expected = record.counterpartyId;
        require(keccak256(bytes(expected)) == keccak256(bytes(theirs)), WrongCounterparty(expected, theirs));
    }

    function _requireTexts(string calldata version, string calldata encoding) internal pure {
        require(bytes(version).length != 0, BlankPayloadField("version"));
        require(bytes(encoding).length != 0, BlankPayloadField("encoding"));
    }

    function _requireValue(bytes calldata value) internal pure {
        require(value.length != 0, BlankPayloadField("value"));
        require(value.length <= PAYLOAD_BYTES_MAX, OversizePayload(PAYLOAD_BYTES_MAX, value.length));
    }

    /// @dev Has the light client verify; what it refuses is refused with its reason. A replay is a no-op
    /// whatever comes of it, but its proof is looked at as well: in a batch, later proofs may rest on nodes
    /// that this one leads through, and two relayers that race must not undo each other's batches.
    /// @return isNoop Whether that is the end of it.
    /// @return provenSeconds The counterparty's time at the proof's height.
    function _prove(address client, bytes memory proving, bool isReplay)
        internal
        returns (bool isNoop, uint256 provenSeconds)
    {
        bool isValid;
        bool isTime;
        assembly ("memory-safe") {
            isValid := call(gas(), client, 0, add(proving, 0x20), mload(proving), 0x00, 0x20)
            provenSeconds := mload(0x00)
            // An account without code would answer nothing
            isTime := and(gt(returndatasize(), 0x1f), iszero(shr(64, provenSeconds)))
        }
        if (isReplay) {
            emit Noop();
            return (true, 0);
        }
        if (!isValid) _revertWith(_reason());
        require(isTime);
    }

    /// @dev Calls with arguments that are encoded already: the selector stands before them, in the last bytes
    /// of what is their length again afterwards.
    function _callApplication(address application, bytes4 selector, bytes memory arguments)
        internal
        returns (bool done)
    {
        assembly ("memory-safe") {
            let length := mload(arguments)
            mstore(arguments, shr(224, selector))
            done := call(gas(), application, 0, add(arguments, 0x1c), add(length, 4), 0, 0)
            mstore(arguments, length)
        }
    }

    /// @dev Why the last call failed, only as far as REASON_BYTES_MAX: a token's endless reason must not cost
    /// the relayer its packet.
    function _reason() internal pure returns (bytes memory reason) {
        assembly ("memory-safe") {
            let size := returndatasize()
            if gt(size, REASON_BYTES_MAX) { size := REASON_BYTES_MAX }
            reason := mload(0x40)
            mstore(reason, size)
            returndatacopy(add(reason, 0x20), 0, size)
            mstore(0x40, and(add(add(reason, size), 0x3f), not(0x1f)))
        }
    }

    function _revertWith(bytes memory reason) internal pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    /// @dev The event `topic(string indexed clientId, uint256 indexed sequence, …)`, from data that is
    /// encoded already.
    /// @param clientHash keccak256 of the client's id.
    function _emit(bytes32 topic, bytes32 clientHash, uint256 sequence, bytes memory data) internal {
        assembly ("memory-safe") {
            log3(add(data, 0x20), mload(data), topic, clientHash, sequence)
        }
    }
}
