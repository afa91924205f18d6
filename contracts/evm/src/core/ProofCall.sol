// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ILightClient } from "../interfaces/ILightClient.sol";
import { MerklePrefix } from "./MerklePrefix.sol";

/// @title The calls by which a light client verifies what its chain stores
/// @notice Made once for a batch of packets, but for what these differ in: the sequence that ends the key,
/// the value, the proof.
/// @dev By hand, because every packet makes one: the merkle path goes from its packed form straight into the
/// call. The proof, of which alone the length changes, comes last; tested to decode as abi.encodeCall does.
library ProofCall {
    /// @notice What is to be proven, and under which state.
    /// @param prefix The merkle prefix, see MerklePrefix; the key is appended to its last element.
    /// @param value Zero: that the key has none.
    /// @param atExit Under the state that exits go by; then `height` plays no part.
    struct Claim {
        bytes prefix;
        bytes key;
        bytes32 value;
        uint64 height;
        bool atExit;
    }

    /// @notice A call without its proof.
    /// @param head The call's data up to there.
    /// @param keyEnd Where in memory the key ends.
    /// @param value Where in memory the value's 32 bytes are, if there is one.
    struct Draft {
        bytes head;
        uint256 keyEnd;
        uint256 value;
    }

    /// @notice A call's data but for the proof.
    function open(Claim memory claim) internal pure returns (Draft memory draft) {
        (bytes4 selector, uint256 arguments) = _function(claim);
        bytes memory head;
        uint256 start;
        assembly ("memory-safe") {
            head := mload(0x40)
            mstore(add(head, 0x20), selector)
            start := add(head, 0x24)
        }
        draft.head = head;
        uint256 slot = start + 0x20;
        if (!claim.atExit) {
            _store(slot, claim.height);
            slot += 0x20;
        }
        _store(slot, arguments);
        uint256 place;
        (place, draft.keyEnd) = _writePath(start + arguments, claim.prefix, claim.key);
        if (claim.value != 0) {
            _store(slot + 0x20, place - start);
            _store(place, 0x20);
            _store(place + 0x20, uint256(claim.value));
            draft.value = place + 0x20;
            place += 0x40;
        }
        _store(start, place - start);
        assembly ("memory-safe") {
            mstore(head, sub(sub(place, head), 0x20))
            mstore(0x40, and(add(place, 0x1f), not(0x1f)))
        }
    }

    /// @notice Makes the call into one about another packet.
    /// @param sequence What the key ends with.
    function set(Draft memory draft, uint64 sequence, bytes32 value) internal pure {
        (uint256 keyEnd, uint256 place) = (draft.keyEnd, draft.value);
        assembly ("memory-safe") {
            let word := sub(keyEnd, 0x20)
            mstore(word, or(shl(64, shr(64, mload(word))), and(sequence, 0xffffffffffffffff)))
            mstore(place, value)
        }
    }

    /// @notice The call's data with a proof; the draft stays.
    function complete(Draft memory draft, bytes calldata proof) internal view returns (bytes memory data) {
        bytes memory head = draft.head;
        assembly ("memory-safe") {
            data := mload(0x40)
            let length := mload(head)
            mstore(data, length)
            // The identity precompile copies (EVMs before Cancun have no MCOPY); it can't fail
            pop(staticcall(gas(), 0x04, add(head, 0x20), length, add(data, 0x20), length))
        }
        _appendProof(data, proof);
    }

    /// @notice The data of a call that is made once.
    function write(Claim memory claim, bytes calldata proof) internal pure returns (bytes memory data) {
        data = open(claim).head;
        _appendProof(data, proof);
    }

    /// @dev To the last thing in memory.
    function _appendProof(bytes memory data, bytes calldata proof) private pure {
        assembly ("memory-safe") {
            let length := mload(data)
            let place := add(add(data, 0x20), length)
            let padded := and(add(proof.length, 0x1f), not(0x1f))
            mstore(place, proof.length)
            // Zeros behind the last byte; before the copy, for it may be whole
            if padded { mstore(add(place, padded), 0) }
            calldatacopy(add(place, 0x20), proof.offset, proof.length)
            mstore(data, add(length, add(0x20, padded)))
            mstore(0x40, and(add(add(place, padded), 0x3f), not(0x1f)))
        }
    }

    /// @dev The function that verifies a claim, and how many bytes its arguments' head has.
    function _function(Claim memory claim) private pure returns (bytes4 selector, uint256 head) {
        if (claim.value != 0) {
            return claim.atExit
                ? (ILightClient.verifyMembershipAtExit.selector, 0x60)
                : (ILightClient.verifyMembership.selector, 0x80);
        }
        return claim.atExit
            ? (ILightClient.verifyNonMembershipAtExit.selector, 0x40)
            : (ILightClient.verifyNonMembership.selector, 0x60);
    }

    /// @dev The list of the prefix's elements, the key appended to the last one.
    function _writePath(uint256 place, bytes memory prefix, bytes memory key)
        private
        pure
        returns (uint256 next, uint256 keyEnd)
    {
        uint256 count = MerklePrefix.count(prefix);
        assembly ("memory-safe") {
            function copy(to, from, length) {
                for { let at := 0 } lt(at, length) { at := add(at, 0x20) } {
                    mstore(add(to, at), mload(add(from, at)))
                }
            }
            mstore(place, count)
            let offsets := add(place, 0x20)
            next := add(offsets, shl(5, count))
            let from := add(prefix, 0x20)
            for { let i := 0 } lt(i, count) { i := add(i, 1) } {
                mstore(add(offsets, shl(5, i)), sub(next, offsets))
                let length := byte(0, mload(from))
                let element := add(next, 0x20)
                copy(element, add(from, 1), length)
                from := add(from, add(length, 1))
                if eq(add(i, 1), count) {
                    copy(add(element, length), add(key, 0x20), mload(key))
                    length := add(length, mload(key))
                }
                mstore(next, length)
                keyEnd := add(element, length)
                // What was copied too far
                mstore(keyEnd, 0)
                next := add(element, and(add(length, 0x1f), not(0x1f)))
            }
        }
    }

    function _store(uint256 place, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(place, word)
        }
    }
}
