/// How a slim encoder's maps scale the channels of VGG-19's features that they lead to.
package enum EncoderMapScale: String, CaseIterable, Sendable {
    /// Each channel divided by its own root mean square over photographs: all channels count alike. What a file that says
    /// nothing has.
    case channel
    /// All channels of a tap divided by one number: they count as in VGG-19, and so do distances.
    case tap
}
