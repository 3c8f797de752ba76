internal import Glibc
internal import PosternLoad

/// The executable: everything is in `PosternLoad`.
@main enum PosternLoadProgram {
    static func main() async { exit(await LoadProgram.run()) }
}
