import PosternHTTP
import PosternOutbound
import Testing

@Suite struct AddressClassTests {
    @Test(
        arguments: [
            ("0.0.0.0", .unspecified), ("0.1.2.3", .unspecified), ("10.0.0.0", .private), ("10.255.255.255", .private),
            ("100.64.0.0", .shared), ("100.127.255.255", .shared), ("100.100.100.200", .metadata),
            ("127.0.0.1", .loopback), ("127.255.255.255", .loopback), ("168.63.129.16", .metadata),
            ("169.254.0.1", .linkLocal), ("169.254.169.254", .metadata), ("169.254.170.2", .metadata),
            ("169.254.255.255", .linkLocal), ("172.16.0.0", .private), ("172.31.255.255", .private),
            ("192.0.0.1", .reserved), ("192.0.0.192", .metadata), ("192.0.2.1", .documentation),
            ("192.88.99.1", .reserved), ("192.168.0.1", .private), ("192.168.255.255", .private),
            ("198.18.0.0", .benchmarking), ("198.19.255.255", .benchmarking), ("198.51.100.1", .documentation),
            ("203.0.113.255", .documentation), ("224.0.0.1", .multicast), ("239.255.255.255", .multicast),
            ("240.0.0.1", .reserved), ("255.255.255.254", .reserved), ("255.255.255.255", .broadcast),
            ("::", .unspecified), ("::1", .loopback), ("::2", .reserved), ("::127.0.0.1", .reserved),
            ("::8.8.8.8", .reserved), ("::ffff:127.0.0.1", .loopback), ("::ffff:a9fe:a9fe", .metadata),
            ("::ffff:0:10.0.0.1", .reserved), ("64:ff9b::10.0.0.1", .private), ("64:ff9b::a9fe:a9fe", .metadata),
            ("64:ff9b:1::8.8.8.8", .reserved), ("64:ff9b::1:808:808", .reserved), ("100::1", .reserved),
            ("2001:0:7f00:1::1", .loopback), ("2001:0:808:808::f5ff:fffe", .private),
            ("2001:2::1", .benchmarking), ("2001:10::1", .reserved), ("2001:20::1", .reserved),
            ("2001:1ff:ffff::1", .reserved), ("2001:db8::1", .documentation), ("2002:a00:1::1", .private),
            ("2002:7f00:1::", .loopback), ("2002:a9fe:a9fe::1", .metadata), ("3fff:fff::1", .documentation),
            ("4000::1", .reserved), ("5f00::1", .reserved), ("fc00::1", .private), ("fd12:3456::1", .private),
            ("fd00:ec2::254", .metadata), ("fd00:100::100:200", .metadata), ("fd00:c1::a9fe:a9fe", .metadata),
            ("fd00:a9fe:a9fe::1", .metadata), ("fd00:42::42", .metadata), ("fd20:ce::254", .metadata),
            ("fe80::1", .linkLocal),
            ("febf::1", .linkLocal), ("fec0::1", .private), ("feff::1", .private), ("ff02::1", .multicast),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", .multicast),
        ] as [(String, AddressClass)]
    )
    func `names what is not the public internet`(text: String, expected: AddressClass) throws {
        #expect(AddressClass(try #require(PeerAddress(text: text))) == expected)
    }

    @Test(
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
            "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
            "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0",
            "223.255.255.255", "::ffff:8.8.8.8", "2000::1", "2606:4700:4700::1111", "2001:4860:4860::8888",
            "2001:200::1", "2001:0:808:808::f7f7:f7f7", "2002:808:808::1", "2003::1", "3ffe:ffff::1", "3fff:1000::1",
            "64:ff9b::8.8.8.8",
        ]
    )
    func `leaves the public internet alone`(text: String) throws {
        #expect(AddressClass(try #require(PeerAddress(text: text))) == nil)
    }

    @Test func `is no place for unix sockets`() { #expect(AddressClass(PeerAddress.local) == .reserved) }
}
