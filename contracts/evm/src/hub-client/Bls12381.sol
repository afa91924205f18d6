// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title BLS12-381 with signatures in G1 and keys in G2, by the precompiles of EIP-2537
/// @notice A point of G1 is 128 bytes in memory (x, y), one of G2 256 bytes (x.c0, x.c1, y.c0, y.c1), each
/// coordinate 64 bytes big-endian of which the first 16 are zero; the identity is all zeros. The precompiles
/// refuse coordinates not below the field's modulus and points off the curve; the pairing check also refuses
/// points outside the subgroups. A precompile that refuses burns what gas it was given, here all but 1/64:
/// its price is not fixed in this contract, which has to outlive repricings.
/// @dev Sources: EIP-2537 (final), RFC 9380 (hash_to_curve, suite BLS12381G1_XMD:SHA-256_SSWU_RO_).
library Bls12381 {
    /// @notice A precompile refused its input: not a field element, not on the curve or not in the subgroup.
    error PrecompileRefused(uint256 precompile);
    /// @notice Bytes of a point are not as many as expected.
    error PointLength(uint256 expected, uint256 actual);

    uint256 internal constant G1_LENGTH = 96;
    uint256 internal constant G2_LENGTH = 192;

    uint256 private constant SHA256 = 0x02;
    uint256 private constant MODEXP = 0x05;
    uint256 private constant G1ADD = 0x0b;
    uint256 private constant G2ADD = 0x0d;
    uint256 private constant PAIRING_CHECK = 0x0f;
    uint256 private constant MAP_FP_TO_G1 = 0x10;

    /// The field's modulus p, its upper 128 and lower 256 bits.
    uint256 private constant P_HIGH = 0x1a0111ea397fe69a4b1ba7b6434bacd7;
    uint256 private constant P_LOW = 0x64774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab;

    /// The generator of G2, negated.
    bytes private constant NEGATED_G2_GENERATOR =
        hex"00000000000000000000000000000000024aa2b2f08f0a91260805272dc51051"
        hex"c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8"
        hex"0000000000000000000000000000000013e02b6052719f607dacd3a088274f65"
        hex"596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
        hex"000000000000000000000000000000000d1b3cc2c7027888be51d9ef691d77bc"
        hex"b679afda66c73f17f9ee3837a55024f78c71363275a75d75d86bab79f74782aa"
        hex"0000000000000000000000000000000013fa4d4a0ad8b1ce186ed5061789213d"
        hex"993923066dddaf1040bc3ff59f825c78df74f2d75467e25e0f55f8a00fa030ed";

    /// @notice A point of G1 from 96 bytes: x, y.
    function decodeG1(bytes calldata encoded) internal pure returns (bytes memory point) {
        if (encoded.length != G1_LENGTH) revert PointLength(G1_LENGTH, encoded.length);
        point = new bytes(128);
        assembly ("memory-safe") {
            calldatacopy(add(point, 0x30), encoded.offset, 48)
            calldatacopy(add(point, 0x70), add(encoded.offset, 48), 48)
        }
    }

    /// @notice A point of G2 from 192 bytes in ZCash's order: x.c1, x.c0, y.c1, y.c0, without flag bits.
    function decodeG2(bytes calldata encoded) internal pure returns (bytes memory point) {
        point = new bytes(256);
        decodeG2Into(point, encoded);
    }

    /// @notice decodeG2 into a point that is there already.
    function decodeG2Into(bytes memory point, bytes calldata encoded) internal pure {
        if (encoded.length != G2_LENGTH) revert PointLength(G2_LENGTH, encoded.length);
        assembly ("memory-safe") {
            calldatacopy(add(point, 0x30), add(encoded.offset, 48), 48)
            calldatacopy(add(point, 0x70), encoded.offset, 48)
            calldatacopy(add(point, 0xb0), add(encoded.offset, 144), 48)
            calldatacopy(add(point, 0xf0), add(encoded.offset, 96), 48)
        }
    }

    /// @notice Whether a point (of either group) is the identity.
    function isIdentity(bytes memory point) internal pure returns (bool result) {
        assembly ("memory-safe") {
            let any := 0
            let end := add(add(point, 0x20), mload(point))
            for { let at := add(point, 0x20) } lt(at, end) { at := add(at, 0x20) } { any := or(
                any,
                mload(at)
            ) }
            result := iszero(any)
        }
    }

    /// @notice Adds `b` to `a` in G2, in place.
    function addG2(bytes memory a, bytes memory b) internal view {
        bool done;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mcopy(input, add(a, 0x20), 256)
            mcopy(add(input, 256), add(b, 0x20), 256)
            done := staticcall(gas(), G2ADD, input, 512, add(a, 0x20), 256)
        }
        if (!done) revert PrecompileRefused(G2ADD);
    }

    /// @notice Negates a point of G2 in place. Coordinates are below p: a greater one stays invalid.
    function negateG2(bytes memory point) internal pure {
        assembly ("memory-safe") {
            function negate(at) {
                let high := mload(at)
                let low := mload(add(at, 0x20))
                if or(high, low) {
                    mstore(at, sub(sub(P_HIGH, high), gt(low, P_LOW)))
                    mstore(add(at, 0x20), sub(P_LOW, low))
                }
            }
            negate(add(point, 0xa0))
            negate(add(point, 0xe0))
        }
    }

    /// @notice Whether e(signature, −G2) · e(hashed, key) = 1, that is: whether `signature` is the key's
    /// over
    /// what was hashed. Neither the key nor `hashed` may be the identity; the caller sees to the key.
    function isSignature(bytes memory signature, bytes memory hashed, bytes memory key)
        internal
        view
        returns (bool result)
    {
        bytes memory generator = NEGATED_G2_GENERATOR;
        bool done;
        assembly ("memory-safe") {
            let input := mload(0x40)
            mcopy(input, add(signature, 0x20), 128)
            mcopy(add(input, 128), add(generator, 0x20), 256)
            mcopy(add(input, 384), add(hashed, 0x20), 128)
            mcopy(add(input, 512), add(key, 0x20), 256)
            done := staticcall(gas(), PAIRING_CHECK, input, 768, 0x00, 0x20)
            done := and(done, eq(returndatasize(), 0x20))
            result := eq(mload(0x00), 1)
        }
        if (!done) revert PrecompileRefused(PAIRING_CHECK);
    }

    /// @notice hash_to_curve of RFC 9380 section 3: two field elements, each mapped, then added. The
    /// precompile clears the cofactor at each map, which is the same as once after the sum.
    /// @param tag The domain separation tag, at most 255 bytes.
    function hashToG1(bytes memory message, bytes memory tag) internal view returns (bytes memory point) {
        bytes memory uniform = expandMessage(message, tag);
        point = new bytes(128);
        bool done;
        assembly ("memory-safe") {
            // modexp (EIP-198): lengths of base, exponent, modulus; then base ‖ 1 ‖ p
            let input := mload(0x40)
            mstore(input, 64)
            mstore(add(input, 0x20), 1)
            mstore(add(input, 0x40), 48)
            mstore8(add(input, 160), 1)
            mstore(add(input, 161), shl(128, P_HIGH))
            mstore(add(input, 177), P_LOW)
            // The mapped points side by side, then the element to map with its 16 bytes of zeros
            let points := add(input, 224)
            let element := add(points, 256)
            mstore(element, 0)
            mcopy(add(input, 96), add(uniform, 0x20), 64)
            done := staticcall(gas(), MODEXP, input, 209, add(element, 16), 48)
            done := and(done, staticcall(gas(), MAP_FP_TO_G1, element, 64, points, 128))
            mcopy(add(input, 96), add(uniform, 0x60), 64)
            done := and(done, staticcall(gas(), MODEXP, input, 209, add(element, 16), 48))
            done := and(done, staticcall(gas(), MAP_FP_TO_G1, element, 64, add(points, 128), 128))
            done := and(done, staticcall(gas(), G1ADD, points, 256, add(point, 0x20), 128))
            done := and(done, eq(returndatasize(), 128))
        }
        if (!done) revert PrecompileRefused(MAP_FP_TO_G1);
    }

    /// @notice expand_message_xmd of RFC 9380 section 5.3.1 with SHA-256 to 128 bytes: two elements of 64
    /// bytes.
    function expandMessage(bytes memory message, bytes memory tag)
        internal
        view
        returns (bytes memory uniform)
    {
        assert(tag.length < 256);
        uniform = new bytes(128);
        assembly ("memory-safe") {
            let input := mload(0x40)
            let tagLength := mload(tag)
            // b_0 = H(64 zeros ‖ message ‖ 0x0080 ‖ 0x00 ‖ tag ‖ its length)
            mstore(input, 0)
            mstore(add(input, 0x20), 0)
            let at := add(input, 0x40)
            mcopy(at, add(message, 0x20), mload(message))
            at := add(at, mload(message))
            mstore(at, shl(232, 0x008000))
            at := add(at, 3)
            mcopy(at, add(tag, 0x20), tagLength)
            at := add(at, tagLength)
            mstore8(at, tagLength)
            // No failure: SHA-256 fails only for want of gas, and then so does all that follows
            pop(staticcall(gas(), SHA256, input, sub(add(at, 1), input), 0x00, 0x20))
            let first := mload(0x00)
            // b_i = H((b_0 xor b_(i-1)) ‖ i ‖ tag ‖ its length), without the xor for i = 1
            mcopy(add(input, 0x21), add(tag, 0x20), tagLength)
            mstore8(add(add(input, 0x21), tagLength), tagLength)
            let previous := 0
            for { let i := 1 } lt(i, 5) { i := add(i, 1) } {
                mstore(input, xor(first, previous))
                mstore8(add(input, 0x20), i)
                let output := add(uniform, shl(5, i))
                pop(staticcall(gas(), SHA256, input, add(tagLength, 0x22), output, 0x20))
                previous := mload(output)
            }
        }
    }
}
