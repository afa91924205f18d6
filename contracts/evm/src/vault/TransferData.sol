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
    /// @notice keccak256 of a transfer payload's encoding up to its value: five offsets and four texts.
    bytes32 internal constant HEAD_HASH = 0xacfdcc4cb89a12ecb13972d490c28c3bfa3c88471804a34affd29279a86f66e0;
    uint256 private constant HEAD_BYTES = 416;
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
    /// @dev Exactly what abi.encode writes, of the payload (the core writes nothing else) as of the tuple in
    /// it: strings in order, without gaps, nothing behind. DIFFERS FROM Solidity's decoding, which follows
    /// any offset; peers write nothing else.
    /// @param accountSlot RECEIVER or SENDER: which of the two is wanted.
    function read(Payload calldata payload, uint256 accountSlot)
        internal
        pure
        returns (bytes calldata denom, bytes calldata account, uint256 amount)
    {
        bytes calldata value = _value(payload);
        denom = account = value[:0];
        require(value.length >= HEAD_END && _word(value, 0) == 32, MalformedTransfer(0));
        amount = _word(value, AMOUNT);
        require(amount != 0, ZeroAmount());
        uint256 next = HEAD_END;
        (denom, next) = _text(value, DENOM, next);
        if (accountSlot == SENDER) (account, next) = _text(value, SENDER, next);
        else (, next) = _text(value, SENDER, next);
        if (accountSlot == RECEIVER) (account, next) = _text(value, RECEIVER, next);
        else (, next) = _text(value, RECEIVER, next);
        bytes calldata memo;
        (memo, next) = _text(value, MEMO, next);
        require(next == value.length, MalformedTransfer(next));
        require(memo.length <= MEMO_BYTES_MAX, OversizeMemo(MEMO_BYTES_MAX, memo.length));
    }

    /// @notice Length of `transfer/<clientId>/` if the path begins with it: then the token was made at the
    /// other end of that client, or came from beyond it. Zero if not.
    function hopLength(bytes calldata denom, string calldata clientId)
        internal
        pure
        returns (uint256 length)
    {
        length = bytes(clientId).length + 10;
        if (denom.length <= length) return 0;
        bytes32 start = "transfer/";
        assembly ("memory-safe") {
            let hop := mload(0x40)
            mstore(hop, start)
            calldatacopy(add(hop, 9), clientId.offset, clientId.length)
            mstore8(add(hop, sub(length, 1)), 0x2f)
            let hash := keccak256(hop, length)
            calldatacopy(hop, denom.offset, length)
            length := mul(length, eq(hash, keccak256(hop, length)))
        }
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

    /// @dev A payload's value, if the rest of the payload is that of a transfer.
    function _value(Payload calldata payload) private pure returns (bytes calldata value) {
        bool isTransfer;
        value = payload.value;
        assembly ("memory-safe") {
            let head := mload(0x40)
            calldatacopy(head, payload, HEAD_BYTES)
            isTransfer := eq(keccak256(head, HEAD_BYTES), HEAD_HASH)
        }
        require(isTransfer, UnexpectedPayload(payload.sourcePort, payload.version, payload.encoding));
    }

    /// @dev The string at `place`, if `slot` of the head says so and it ends within the value.
    /// @return text Its bytes.
    /// @return next Where the next one begins.
    function _text(bytes calldata value, uint256 slot, uint256 place)
        private
        pure
        returns (bytes calldata text, uint256 next)
    {
        bool isText;
        assembly ("memory-safe") {
            let length := calldataload(add(value.offset, place))
            next := add(add(place, 0x20), and(add(length, 0x1f), not(0x1f)))
            text.offset := add(add(value.offset, place), 0x20)
            text.length := length
            // Offsets count from the tuple, which begins behind the first word
            isText := eq(calldataload(add(value.offset, slot)), sub(place, 0x20))
            // A length below the value's can't make a sum overflow
            isText := and(isText, and(lt(length, value.length), iszero(gt(next, value.length))))
        }
        require(isText, MalformedTransfer(slot));
    }

    function _word(bytes calldata value, uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(add(value.offset, place))
        }
    }
}
