#include "http/address.h"

#include <gtest/gtest.h>

namespace tarn::http {
namespace {

std::string_view why(const std::string& text) {
  const auto address = parse_address(text);
  return address ? why_not_public(*address) : "no address";
}

TEST(Address, WhatIsOfTheOpenInternet) {
  for (const char* text : {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",
                           "11.0.0.0",        "100.63.255.255",  "100.128.0.0",
                           "126.255.255.255", "128.0.0.0",       "169.253.255.255",
                           "169.255.0.0",     "172.15.255.255",  "172.32.0.0",
                           "192.0.1.0",       "192.167.255.255", "192.169.0.0",
                           "198.17.255.255",  "198.20.0.0",      "223.255.255.255",
                           "2606:4700::1111", "2001:200::1",     "2a00:1450:4001::8a",
                           "3ffe:ffff::1",    "64:ff9b::8.8.8.8"}) {
    EXPECT_EQ(why(text), "") << text;
  }
}

TEST(Address, WhatIsNot) {
  for (const char* text :
       {"0.0.0.0",         "0.1.2.3",         "10.0.0.0",        "10.255.255.255",  "100.64.0.0",
        "100.100.100.200", "100.127.255.255", "127.0.0.1",       "127.255.255.255", "168.63.129.16",
        "169.254.169.254", "172.16.0.0",      "172.31.255.255",  "192.0.0.192",     "192.0.2.1",
        "192.88.99.1",     "192.168.0.1",     "198.18.0.0",      "198.19.255.255",  "198.51.100.7",
        "203.0.113.9",     "224.0.0.1",       "239.255.255.255", "240.0.0.1",       "255.255.255.255"}) {
    EXPECT_NE(why(text), "") << text;
  }
  for (const char* text : {"::",
                           "::1",
                           "::127.0.0.1",
                           "::ffff:127.0.0.1",
                           "::ffff:8.8.8.8",
                           "64:ff9b::127.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "64:ff9b:1::1",
                           "100::1",
                           "2001::1",
                           "2001:db8::1",
                           "2002:7f00:1::",
                           "3fff::1",
                           "fc00::1",
                           "fd00:ec2::254",
                           "fe80::1",
                           "febf::1",
                           "fec0::1",
                           "ff02::1",
                           "4000::1"}) {
    EXPECT_NE(why(text), "") << text;
  }
  EXPECT_EQ(why("::1"), "loopback");
  EXPECT_EQ(why("172.20.1.1"), "a private network");
}

TEST(Address, OnlyTheUsualFormIsOne) {
  for (const char* text : {"", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "1.2.3.4.", "[::1]", "fe80::1%eth0",
                           "1.2.3.4 ", "localhost"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
  EXPECT_EQ(to_text(*parse_address("2001:DB8:0::1")), "2001:db8::1");
}

}  // namespace
}  // namespace tarn::http
