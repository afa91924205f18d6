// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ILightClient } from "../interfaces/ILightClient.sol";
import { MerklePrefix } from "./MerklePrefix.sol";

/// @title The calls by which a light client verifies what its chain stores
/// @dev By hand, because every packet makes one: the merkle path goes from its packed form straight into the
/// call. Tested to be the bytes of abi.encodeCall.
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

    /// @notice The call's data.
    function write(Claim memory claim, bytes calldata proof) internal pure returns (bytes memory data) {
        uint256 head;
        bytes4 selector;
        if (claim.value != 0) {
            (head, selector) = claim.atExit
                ? (0x60, ILightClient.verifyMembershipAtExit.selector)
                : (0x80, ILightClient.verifyMembership.selector);
        } else {
            (head, selector) = claim.atExit
                ? (0x40, ILightClient.verifyNonMembershipAtExit.selector)
                : (0x60, ILightClient.verifyNonMembership.selector);
        }
        uint256 start;
        uint256 place;
        assembly ("memory-safe") {
            data := mload(0x40)
            mstore(add(data, 0x20), selector)
            start := add(data, 0x24)
            mstore(start, head)
            place := add(start, head)
            mstore(place, proof.length)
            let next := add(add(place, 0x20), and(add(proof.length, 0x1f), not(0x1f)))
            // Zeros behind the last byte; before the copy, for it may be whole
            if proof.length { mstore(sub(next, 0x20), 0) }
            calldatacopy(add(place, 0x20), proof.offset, proof.length)
            place := next
        }
        uint256 slot = start + 0x20;
        if (!claim.atExit) {
            _store(slot, claim.height);
            slot += 0x20;
        }
        _store(slot, place - start);
        place = _writePath(place, claim.prefix, claim.key);
        if (claim.value != 0) {
            _store(slot + 0x20, place - start);
            _store(place, 0x20);
            _store(place + 0x20, uint256(claim.value));
            place += 0x40;
        }
        assembly ("memory-safe") {
            mstore(data, sub(sub(place, data), 0x20))
            mstore(0x40, and(add(place, 0x1f), not(0x1f)))
        }
    }

    /// @dev The list of the prefix's elements, the key appended to the last one.
    function _writePath(uint256 place, bytes memory prefix, bytes memory key)
        private
        pure
        returns (uint256 next)
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
                // What was copied too far
                mstore(add(element, length), 0)
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
