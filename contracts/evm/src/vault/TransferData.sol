// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Payload } from "../interfaces/IbcMessages.sol";

/// @notice What one transfer says. `denom` is the full path, as the sending chain knows the token.
struct FungibleTokenPacketData {
    string denom;
    string sender;
    string receiver;
    uint256 amount;
    string memo;
}

/// @title ICS-20 over IBC v2, in the one encoding that Solidity peers speak
/// @notice Spec: ICS-20 `ics20-1`, as ibc-go v10 and solidity-ibc-eureka do it.
library TransferData {
    /// @notice Slots of the tuple's fields in a payload's value.
    uint256 internal constant DENOM = 32;
    uint256 internal constant SENDER = 64;
    uint256 internal constant RECEIVER = 96;
    uint256 private constant AMOUNT = 128;
    uint256 private constant MEMO = 160;
    uint256 private constant HEAD_END = 192;

    string internal constant PORT = "transfer";
    string internal constant VERSION = "ics20-1";
    string internal constant ENCODING = "application/x-solidity-abi";
    bytes32 private constant PORT_HASH = keccak256(bytes("transfer"));
    bytes32 private constant VERSION_HASH = keccak256(bytes("ics20-1"));
    bytes32 private constant ENCODING_HASH = keccak256(bytes("application/x-solidity-abi"));
    /// @notice What a received transfer is answered with.
    bytes internal constant SUCCESS_ACKNOWLEDGEMENT = '{"result":"AQ=="}';

    bytes32 internal constant SUCCESS_ACKNOWLEDGEMENT_HASH = keccak256(bytes('{"result":"AQ=="}'));

    uint256 internal constant MEMO_BYTES_MAX = 32_768;
    uint256 internal constant ACCOUNT_BYTES_MAX = 2_048;
    /// @notice A full path, in bytes: it becomes part of a voucher's code, and of the hub's lines.
    uint256 internal constant DENOM_BYTES_MAX = 512;

    /// @dev Expected: transfer, ics20-1, application/x-solidity-abi.
    error UnexpectedPayload(string sourcePort, string version, string encoding);
    error MalformedTransfer(uint256 place);
    error ZeroAmount();
    error OversizeMemo(uint256 bytesMax, uint256 given);
    error AccountLength(uint256 bytesMax, uint256 given);
    error InvalidDenom(string denom);

    /// @notice Puts a transfer into a payload.
    function write(FungibleTokenPacketData memory data) internal pure returns (Payload memory) {
        require(data.amount != 0, ZeroAmount());
        require(
            bytes(data.memo).length <= MEMO_BYTES_MAX, OversizeMemo(MEMO_BYTES_MAX, bytes(data.memo).length)
        );
        uint256 length = bytes(data.receiver).length;
        require(length != 0 && length <= ACCOUNT_BYTES_MAX, AccountLength(ACCOUNT_BYTES_MAX, length));
        return Payload(PORT, PORT, VERSION, ENCODING, abi.encode(data));
    }

    /// @notice Reads a transfer out of a payload.
    /// @dev Exactly what abi.encode writes: strings in order, without gaps, nothing behind. DIFFERS FROM
    /// Solidity's decoding, which follows any offset; peers write nothing else.
    /// @param accountSlot RECEIVER or SENDER: which of the two is wanted.
    function read(Payload calldata payload, uint256 accountSlot)
        internal
        pure
        returns (bytes calldata denom, bytes calldata account, uint256 amount)
    {
        require(
            _hash(payload.sourcePort) == PORT_HASH && _hash(payload.version) == VERSION_HASH
                && _hash(payload.encoding) == ENCODING_HASH,
            UnexpectedPayload(payload.sourcePort, payload.version, payload.encoding)
        );
        bytes calldata value = payload.value;
        denom = account = value[:0];
        require(value.length >= HEAD_END && _word(value, 0) == 32, MalformedTransfer(0));
        amount = _word(value, AMOUNT);
        require(amount != 0, ZeroAmount());
        uint256 next = HEAD_END;
        uint256 length;
        // No sum can overflow: `next` and `length` stay below the value's length
        unchecked {
            for (uint256 slot = DENOM; slot <= MEMO; slot += 32) {
                if (slot == AMOUNT) continue;
                // Offsets count from the tuple, which begins behind the first word
                require(
                    _word(value, slot) == next - 32 && value.length >= next + 32, MalformedTransfer(slot)
                );
                length = _word(value, next);
                require(length <= value.length - next - 32, MalformedTransfer(slot));
                if (slot == DENOM) denom = value[next + 32:next + 32 + length];
                if (slot == accountSlot) account = value[next + 32:next + 32 + length];
                next += 32 + (length + 31) / 32 * 32;
            }
        }
        // The last string is the memo
        require(next == value.length, MalformedTransfer(next));
        require(length <= MEMO_BYTES_MAX, OversizeMemo(MEMO_BYTES_MAX, length));
    }

    /// @notice Length of `transfer/<clientId>/` if the path begins with it: then the token was made at the
    /// other end of that client, or came from beyond it. Zero if not.
    function hopLength(bytes calldata denom, string calldata clientId) internal pure returns (uint256) {
        bytes memory hop = hopOf(clientId);
        uint256 length = hop.length;
        return denom.length > length && keccak256(denom[:length]) == keccak256(hop) ? length : 0;
    }

    /// @notice Whether a path begins with `transfer/<clientId>/`, as for hopLength.
    function hasHop(string memory denom, string memory clientId) internal pure returns (bool) {
        bytes memory hop = hopOf(clientId);
        uint256 length = hop.length;
        if (bytes(denom).length <= length) return false;
        bytes32 start;
        assembly ("memory-safe") {
            start := keccak256(add(denom, 0x20), length)
        }
        return start == keccak256(hop);
    }

    /// @notice `transfer/<clientId>/`.
    function hopOf(string memory clientId) internal pure returns (bytes memory) {
        return abi.encodePacked("transfer/", clientId, "/");
    }

    /// @notice Refuses a path too long, or with anything but printable ASCII.
    function requirePath(bytes memory path) internal pure {
        require(path.length <= DENOM_BYTES_MAX, InvalidDenom("too long"));
        for (uint256 i = 0; i < path.length; ++i) {
            require(path[i] > 0x20 && path[i] < 0x7f, InvalidDenom("not printable"));
        }
    }

    function _hash(string calldata text) private pure returns (bytes32) {
        return keccak256(bytes(text));
    }

    function _word(bytes calldata value, uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(value.offset, place))
        }
    }
}
