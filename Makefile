# The few things one does here. Everything real is in Scripts/, so that it can be run and read alone.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test screenshots property torture fuzz proto format lint deb deb-test bench-loop bench-store bench-plan bench-nearest bench-screen clean

STEPS ?= 100000
SECONDS_EACH = $(if $(filter command line,$(origin SECONDS)),$(SECONDS),60)

help:
	@echo '用法 Usage: make TARGET'
	@echo
	@echo '  run         演示分局：启动六个进程，放一天的警情，直到 Ctrl-C'
	@echo '              the demo bureau: six processes and a day of calls, until Ctrl-C'
	@echo '              ONCE=1：演完即退，未结清则返回 1'
	@echo '              ONCE=1: leave after the day, with 1 if anything is left open'
	@echo '  test        安装、检查、编译、全部测试'
	@echo '              install, check, build, all tests'
	@echo '  screenshots 演示分局上的每一页，三种尺寸'
	@echo '              every page over the demo bureau, at three sizes'
	@echo '  torture     断电、杀进程、坏盘、乱钟下的存储；CYCLES=1000：每项的轮数'
	@echo '              the stores under power cuts, kills, bad disks and clocks; CYCLES=1000: rounds of each'
	@echo '  property    随机走查：命令与督导对照小模型，随机命令、重复、乱序、中断'
	@echo '              random walks of command and supervision against a small model'
	@echo '              STEPS=1000000：步数（默认 100000） how many steps (100000)'
	@echo '  fuzz        以变异字节攻击每个解码器；SECONDS=600：每个的秒数（默认 60）'
	@echo '              mutated bytes for every decoder; SECONDS=600: seconds for each (60)'
	@echo '  proto       由 Proto 生成 Swift 代码'
	@echo '              generate the Swift code from Proto'
	@echo '  format      整理 Swift 代码格式'
	@echo '              lay out the Swift sources'
	@echo '  lint        只做检查：格式、Proto、生成代码'
	@echo '              only the checks: layout, Proto, generated code'
	@echo '  deb         Debian 软件包，在 .build 中；VERSION=1.2.0：版本'
	@echo '              the Debian package, in .build; VERSION=1.2.0: its version'
	@echo '  deb-test    把软件包装到新的 Debian 上：安装、运行、升级、卸载、清除'
	@echo '              the package on a fresh Debian: installed, run, upgraded, removed, purged'
	@echo '  bench-loop  测量接警到指令的时延'
	@echo '              measure from accepted alarm to directive'
	@echo '  bench-store 测量存储与事件流'
	@echo '              measure the store and the feeds'
	@echo '  bench-plan  测量预案编排与路网，旁边是 scipy'
	@echo '              measure the planner and the roads, beside scipy'
	@echo '  bench-nearest 测量最近警力查询与位置落盘，旁边是 PostGIS 与 Redis'
	@echo '              measure nearest units and positions, beside PostGIS and Redis'
	@echo '  bench-screen 测量大屏：从报警到像素、帧率、网页大小、内存'
	@echo '              measure the screen: from report to pixel, frames, page weight, memory'
	@echo '  clean       删除编译结果与演示数据'
	@echo '              remove what was built, and the demo data'

run:
	@Scripts/setup
	@Scripts/build
	@.build/debug/quintet demo $(if $(filter-out 0,$(ONCE)),--once)

test:
	@Scripts/test

screenshots:
	@Scripts/setup
	@Scripts/build
	@.tools/python/bin/python Tests/Browser/screenshots.py

torture:
	@Scripts/setup
	@Scripts/build
	@QUINTET_TORTURE_CYCLES=$(CYCLES) .tools/python/bin/pytest -p no:cacheprovider -v Tests/Torture

fuzz:
	@Scripts/setup
	@Scripts/fuzz $(SECONDS_EACH)

# A walk that fails prints the line that walks it again; what that line sets goes before STEPS.
property:
	@Scripts/setup
	@Scripts/build --tests
	@QUINTET_STEPS=$${QUINTET_STEPS:-$(STEPS)} QUINTET_SEED=$${QUINTET_SEED:-$$(date +%s)} \
	  swift test --skip-build --disable-xctest --no-parallel --filter PropertyTests

proto:
	@Scripts/generate-protos

format:
	@Scripts/swift-sources | xargs -0 swift format --in-place --parallel

lint:
	@Scripts/setup --quiet
	@Scripts/check

deb:
	@Scripts/setup
	@Scripts/build --release
	@Scripts/deb $(if $(filter command line,$(origin VERSION)),--version $(VERSION))

deb-test:
	@Scripts/setup
	@Scripts/build
	@.tools/python/bin/pytest --quiet --color=no -p no:cacheprovider Tests/Packaging

bench-loop:
	@Scripts/setup
	@Scripts/build --release
	@QUINTET_BIN=.build/release Scripts/bench-loop

bench-store:
	@Scripts/setup
	@Scripts/build --release
	@Scripts/bench-store

bench-plan:
	@Scripts/setup
	@Scripts/build --release
	@QUINTET_BIN=.build/release Scripts/bench-plan

bench-nearest:
	@Scripts/setup
	@Scripts/build --release
	@QUINTET_BIN=.build/release Scripts/bench-nearest

bench-screen:
	@Scripts/setup
	@Scripts/build --release
	@QUINTET_BIN=.build/release Scripts/bench-screen

clean:
	@rm -rf .build .quintet
	@echo '已清理 Cleaned'
