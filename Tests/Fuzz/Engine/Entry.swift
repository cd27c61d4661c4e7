// What libFuzzer calls. `QUINTET_DECODER` names the decoder.
import Foundation
import FuzzDecoders

private let decoder: Decoder = {
  let name = ProcessInfo.processInfo.environment["QUINTET_DECODER"] ?? ""
  guard let decoder = Decoder(rawValue: name) else {
    let names = Decoder.allCases.map(\.rawValue).joined(separator: ", ")
    print("QUINTET_DECODER must be one of: \(names)")
    exit(2)
  }
  return decoder
}()

@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let done = DispatchSemaphore(value: 0)
  Task.detached {
    await decoder.decode(bytes)
    done.signal()
  }
  done.wait()
  return 0
}

/// libFuzzer as a library, as its documentation has it.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ argumentCount: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ testOneInput: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// SwiftPM makes `main` out of this; where it is defined, libFuzzer's own is left out.
@_cdecl("FuzzEngine_main")
public func main(
  _ argumentCount: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  var count = argumentCount
  var values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = arguments
  return runDriver(&count, &values, testOneInput)
}
