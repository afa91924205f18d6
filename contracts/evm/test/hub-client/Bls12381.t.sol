// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from 'forge-std/Test.sol';
import { Bls12381 } from '../../src/hub-client/Bls12381.sol';

/// @notice Bls12381 with calldata arguments.
contract BlsHarness {
    function hashToG1(bytes memory message, bytes memory tag) external view returns (bytes memory) {
        return Bls12381.hashToG1(message, tag);
    }

    function expandMessage(bytes memory message, bytes memory tag) external view returns (bytes memory) {
        return Bls12381.expandMessage(message, tag);
    }

    function isSignature(
        bytes calldata signature,
        bytes calldata key,
        bytes memory message,
        bytes memory tag
    ) external view returns (bool) {
        bytes memory point = Bls12381.decodeG1(signature);
        bytes memory keyPoint = Bls12381.decodeG2(key);
        if (Bls12381.isIdentity(point) || Bls12381.isIdentity(keyPoint)) return false;
        return Bls12381.isSignature(point, Bls12381.hashToG1(message, tag), keyPoint);
    }

    function sumIsIdentity(bytes calldata key) external view returns (bool) {
        bytes memory a = Bls12381.decodeG2(key);
        bytes memory b = Bls12381.decodeG2(key);
        Bls12381.negateG2(b);
        Bls12381.addG2(a, b);
        return Bls12381.isIdentity(a);
    }

    function negatedTwice(bytes calldata key) external pure returns (bool) {
        bytes memory a = Bls12381.decodeG2(key);
        bytes memory b = Bls12381.decodeG2(key);
        Bls12381.negateG2(b);
        if (keccak256(a) == keccak256(b)) return false;
        Bls12381.negateG2(b);
        return keccak256(a) == keccak256(b);
    }
}

contract Bls12381Test is Test {
    string private constant VECTORS = '../../libs/light-clients/vectors/attestation/';
    bytes private constant TAG = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_';
    BlsHarness private _bls;

    function setUp() public {
        _bls = new BlsHarness();
    }

    /// RFC 9380 appendix J.9.1: msg = "".
    function test_rfcHashToCurve() public view {
        bytes memory point = _bls.hashToG1('', 'QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_');
        bytes memory expected = bytes.concat(
            bytes16(0),
            hex'052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4'
            hex'e8cf62d9c09db0fac349612b759e79a1',
            bytes16(0),
            hex'08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc'
            hex'68ee29813bb7994998f3eae0c9c6a265'
        );
        assertEq(point, expected);
    }

    /// The vectors of libs/light-clients: message to uniform bytes to point.
    function test_hashToCurveVectors() public view {
        string memory json = vm.readFile(string.concat(VECTORS, 'hash-to-curve.json'));
        uint256 count = 0;
        for (;; count++) {
            string memory path = string.concat('.cases[', vm.toString(count), ']');
            if (!vm.keyExistsJson(json, path)) break;
            string memory name = vm.parseJsonString(json, string.concat(path, '.name'));
            bytes memory message = vm.parseJsonBytes(json, string.concat(path, '.message'));
            bytes memory tag = vm.parseJsonBytes(json, string.concat(path, '.domainBytes'));
            bytes memory uniform = bytes.concat(
                vm.parseJsonBytes(json, string.concat(path, '.uniformBytes[0]')),
                vm.parseJsonBytes(json, string.concat(path, '.uniformBytes[1]'))
            );
            assertEq(_bls.expandMessage(message, tag), uniform, name);
            bytes memory point = vm.parseJsonBytes(json, string.concat(path, '.point'));
            assertEq(_unpadded(_bls.hashToG1(message, tag)), point, name);
        }
        assertEq(count, 5);
    }

    /// Signatures and keys of every encoding.
    function test_keyVectors() public view {
        string memory json = vm.readFile(string.concat(VECTORS, 'keys.json'));
        uint256 right = 0;
        uint256 count = 0;
        for (;; count++) {
            string memory path = string.concat('.signatures[', vm.toString(count), ']');
            if (!vm.keyExistsJson(json, path)) break;
            string memory name = vm.parseJsonString(json, string.concat(path, '.name'));
            bool expected = vm.parseJsonBool(json, string.concat(path, '.valid'));
            bool actual = _isSignature(
                vm.parseJsonBytes(json, string.concat(path, '.signature')),
                vm.parseJsonBytes(json, string.concat(path, '.key')),
                vm.parseJsonBytes(json, string.concat(path, '.message')),
                TAG
            );
            assertEq(actual, expected, name);
            if (actual) right++;
        }
        assertGt(right, 0);
        assertGt(count, 14);
    }

    /// A key that is none, with a right signature for another: refused whatever it is.
    function test_badKeyVectors() public view {
        string memory json = vm.readFile(string.concat(VECTORS, 'keys.json'));
        bytes memory signature = vm.parseJsonBytes(json, '.signatures[0].signature');
        bytes memory message = vm.parseJsonBytes(json, '.signatures[0].message');
        uint256 count = 0;
        for (;; count++) {
            string memory path = string.concat('.badKeys[', vm.toString(count), ']');
            if (!vm.keyExistsJson(json, path)) break;
            bytes memory key = vm.parseJsonBytes(json, string.concat(path, '.key'));
            assertFalse(
                _isSignature(signature, key, message, TAG),
                vm.parseJsonString(json, string.concat(path, '.name'))
            );
        }
        assertGt(count, 11);
    }

    function test_negation() public view {
        string memory json = vm.readFile(string.concat(VECTORS, 'keys.json'));
        for (uint256 i = 0; i < 4; i++) {
            bytes memory key = vm.parseJsonBytes(json, string.concat('.keys[', vm.toString(i), '].key'));
            assertTrue(_bls.sumIsIdentity(key));
            assertTrue(_bls.negatedTwice(key));
        }
        assertTrue(_bls.sumIsIdentity(new bytes(192)), 'the identity is its own negative');
    }

    function test_lengths() public {
        vm.expectRevert(abi.encodeWithSelector(Bls12381.PointLength.selector, 192, 191));
        _bls.sumIsIdentity(new bytes(191));
        vm.expectRevert(abi.encodeWithSelector(Bls12381.PointLength.selector, 96, 97));
        _bls.isSignature(new bytes(97), new bytes(192), '', '');
        vm.expectRevert();
        _bls.expandMessage('', new bytes(256));
    }

    /// What the precompile refuses costs all gas it was given, so it is given little here.
    function _isSignature(bytes memory signature, bytes memory key, bytes memory message, bytes memory tag)
        private
        view
        returns (bool)
    {
        try _bls.isSignature{ gas: 500_000 }(signature, key, message, tag) returns (bool result) {
            return result;
        } catch (bytes memory reason) {
            bytes4 selector = bytes4(reason);
            assertTrue(
                selector == Bls12381.PrecompileRefused.selector || selector == Bls12381.PointLength.selector,
                'a typed refusal'
            );
            return false;
        }
    }

    function _unpadded(bytes memory point) private pure returns (bytes memory result) {
        result = new bytes(96);
        for (uint256 i = 0; i < 48; i++) {
            result[i] = point[16 + i];
            result[48 + i] = point[80 + i];
        }
    }
}
