import Pipeline
import Tensors
import Testing

@Suite struct LearnStyleTests {
    @Test(arguments: [
        ("paintings/Van Gogh_Starry (1889).jpg", "van-gogh-starry-1889"), ("étude.PNG", "etude"), ("___.png", "style"),
        ("wave=my file.jpg", "wave"), ("über/the.great.wave.webp", "the-great-wave"),
    ]) func aStyleIsNamed(argument: String, name: String) throws {
        #expect(try LearnStyle(argument: argument).name == name)
    }

    @Test func creditsGoWithTheirStyles() throws {
        let styles = try LearnStyle.list(
            ["a=one.jpg", "two.jpg"], credits: ["two=Wassily Kandinsky, Composition VII, in oil, 1913"])
        #expect(styles.map(\.path) == ["one.jpg", "two.jpg"])
        #expect(styles[0].credit == nil)
        #expect(
            styles[1].credit == StyleCredit(artist: "Wassily Kandinsky", title: "Composition VII, in oil", year: "1913")
        )
        #expect(styles[1].credit?.text == "Wassily Kandinsky, Composition VII, in oil, 1913")
    }

    @Test(arguments: [
        ([], [], "no style to learn; give --style IMAGE"),
        (
            ["A Name=x.jpg"], [],
            "--style A Name=x.jpg: a style's name is made of small letters, digits and hyphens, such as 'a-name'"
        ),
        (["a="], [], "--style a=: give an image file after 'a='"),
        (
            ["x/a.jpg", "y/A.png"], [],
            "x/a.jpg and y/A.png would both be called 'a'; name one of them with --style NAME=FILE"
        ),
        (
            ["a.jpg"], ["a=Someone, 1900"],
            "--credit a=Someone, 1900: expected NAME=ARTIST, TITLE, YEAR, such as "
                + "'starry-night=Vincent van Gogh, The Starry Night, 1889'"
        ),
        (["a.jpg"], ["b=Some, One, 1"], "--credit b=Some, One, 1: no style is called so, only a"),
    ]) func whatIsNoStyleIsRefused(styles: [String], credits: [String], message: String) {
        #expect(throws: BrushflowError(.usage, message)) { _ = try LearnStyle.list(styles, credits: credits) }
    }
}
