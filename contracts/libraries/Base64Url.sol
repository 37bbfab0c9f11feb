// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev Owns one thing: 32 bytes as the 43 characters of base64url (RFC 4648, section 5, no padding). It makes 32
/// characters at once, as bytes of one number, for a quarter of the gas that one after the other takes.
library Base64Url {
    /// One in each of 32 bytes.
    uint256 private constant EACH = type(uint256).max / 255;

    function encode(bytes32 data) internal pure returns (bytes32 first, bytes11 rest) {
        first = _characters(uint256(data) >> 64);
        rest = bytes11(_characters((uint256(data) << 192) >> 64));
    }

    /// The low 192 bits as 32 characters.
    function _characters(uint256 bits) private pure returns (bytes32) {
        // The upper half of every field moves away from the lower one, until there are six bits in each byte.
        bits = _spread(bits, 0xffffffffffffffffffffffff, 128);
        bits = _spread(bits, 0xffffffffffff00000000000000000000ffffffffffff, 64);
        bits = _spread(bits, 0xffffff0000000000ffffff0000000000ffffff0000000000ffffff, 32);
        bits = _spread(bits, 0x0fff00000fff00000fff00000fff00000fff00000fff00000fff00000fff, 16);
        bits = _spread(bits, 0x3f003f003f003f003f003f003f003f003f003f003f003f003f003f003f003f, 8);
        unchecked {
            // A at 0, a at 26, 0 at 52, - at 62, _ at 63: each run of characters begins so much above or below the end
            // of the one before. The sum of every byte is a character, so nothing is carried into the next.
            uint256 characters = bits + 65 * EACH + 6 * _from(bits, 26) + 49 * _from(bits, 63);
            return bytes32(characters - 75 * _from(bits, 52) - 13 * _from(bits, 62));
        }
    }

    /// Moves the upper half of every field of twice `width` bits, three quarters full, to where its upper half begins.
    function _spread(uint256 bits, uint256 lower, uint256 width) private pure returns (uint256) {
        return (bits & lower) | ((bits << (width / 4)) & (lower << width));
    }

    /// One in every byte that is `least` or more; all are below 64.
    function _from(uint256 bits, uint256 least) private pure returns (uint256) {
        unchecked {
            return ((bits + (128 - least) * EACH) >> 7) & EACH;
        }
    }
}
